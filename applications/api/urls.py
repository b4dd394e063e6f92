"""Addresses of the API, version 1."""

from django.urls import path

from applications.api.acts import act_view
from applications.api.cases import CaseActions, CaseDeadlines, CaseDetail, CaseList, CaseTimeline
from applications.api.contacts import Contacts
from applications.api.description import Docs, Schema
from applications.api.filings import Applications
from applications.api.node_times import NodeTimes
from applications.api.papers import Papers
from applications.forms import FORMS

app_name = "api"

ACTS = [path(f"cases/<uuid:pk>/acts/{name}/", act_view(name), name=f"act_{name}") for name in FORMS]

urlpatterns = [
    path("cases/", CaseList.as_view(), name="cases"),
    path("cases/<uuid:pk>/", CaseDetail.as_view(), name="case"),
    path("cases/<uuid:pk>/timeline/", CaseTimeline.as_view(), name="timeline"),
    path("cases/<uuid:pk>/deadlines/", CaseDeadlines.as_view(), name="deadlines"),
    path("cases/<uuid:pk>/actions/", CaseActions.as_view(), name="actions"),
    *ACTS,
    path("cases/<uuid:pk>/documents/", Papers.as_view(), name="documents"),
    path("contacts/", Contacts.as_view(), name="contacts"),
    path("applications/", Applications.as_view(), name="applications"),
    path("node-times/", NodeTimes.as_view(), name="node_times"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
]
