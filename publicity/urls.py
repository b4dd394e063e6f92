"""Addresses under /guide/."""

from django.urls import path

from publicity.views import checklists, guide, notices

urlpatterns = [
    path("", guide.channels, name="guide"),
    path("checklist/", checklists.choose, name="guide_checklist"),
    path("checklist/<str:code>/", checklists.my_list, name="guide_checklist_list"),
    path("process/", guide.process, name="guide_process"),
    path("service/", guide.service, name="guide_service"),
    path("notices/<uuid:case_id>/", notices.notices, name="guide_notices"),
]
