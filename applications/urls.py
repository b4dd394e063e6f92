"""Addresses of the connection application: customers first, then the counter."""

from django.urls import path

from applications.views import case, contacts, desk

OFFICERS = [
    path("desk/", desk.desk, name="desk"),
    path("desk/contacts/new/", contacts.contact_new, name="contact_new"),
    path("desk/contacts/<uuid:pk>/outcome/", contacts.contact_resolve, name="contact_resolve"),
    path("cases/<uuid:pk>/", case.case_page, name="case"),
    path("cases/<uuid:pk>/apply/", contacts.contact_apply, name="contact_apply"),
    path("cases/<uuid:pk>/act/<slug:name>/", case.case_act, name="case_act"),
]

urlpatterns = [*OFFICERS]
