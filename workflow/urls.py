"""Pages about rules: routes, limits, the working calendar."""

from django.urls import path

from workflow.views import calendars, limit_change, limits, overloads, routes, told

app_name = "workflow"
urlpatterns = [
    path("routes/", routes.route_list, name="routes"),
    path("routes/versions/<int:pk>/", routes.route_version, name="route_version"),
    path("routes/versions/<int:pk>/choose/", routes.choose, name="choose_version"),
    path("routes/compare/<int:before>/<int:after>/", routes.comparison, name="compare_versions"),
    path("calendars/", calendars.calendar_list, name="calendars"),
    path("calendars/publish/", calendars.publish, name="publish_calendar"),
    path("limits/", limits.limit_list, name="limits"),
    path("limits/<int:pk>/change/", limit_change.change, name="change_limit"),
    path("told/", told.told, name="told"),
    path("overloads/", overloads.overloads, name="overloads"),
    path("overloads/<int:pk>/answer/", overloads.answer, name="answer_overload"),
]
