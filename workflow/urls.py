"""Pages about rules: routes, limits, the working calendar."""

from django.urls import path

from workflow.views import calendars, limits, routes

app_name = "workflow"
urlpatterns = [
    path("routes/", routes.route_list, name="routes"),
    path("routes/versions/<int:pk>/", routes.route_version, name="route_version"),
    path("routes/versions/<int:pk>/choose/", routes.choose, name="choose_version"),
    path("routes/compare/<int:before>/<int:after>/", routes.comparison, name="compare_versions"),
    path("calendars/", calendars.calendar_list, name="calendars"),
    path("calendars/publish/", calendars.publish, name="publish_calendar"),
    path("limits/", limits.limit_list, name="limits"),
]
