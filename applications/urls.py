"""Addresses of the connection application: customers first, then the counter."""

from django.urls import path

from applications.views import (
    apply,
    board,
    board_assign,
    board_lists,
    capacity,
    case,
    contact_public,
    contacts,
    desk,
    documents,
    home,
    my,
    my_acts,
    my_parties,
    my_says,
    objection,
    outcomes,
    paper_desk,
    parties,
    receipt,
    scheme,
    track,
    written,
)

EVERYONE = [
    path("", home.home, name="home"),
    path("kinds/<slug:rough>/", home.kinds, name="kinds"),
    path("contact/", contact_public.self_register, name="self_register"),
    path("capacity/", capacity.capacity_queue, name="capacity_queue"),
    path("contact/qr/<slug:code>/", contact_public.contact_poster, name="contact_poster"),
    path("receipt/<slug:code>/", receipt.receipt, name="receipt"),
    path("receipt/<slug:code>/pdf/", written.receipt_pdf, name="receipt_pdf"),
    path("want/<slug:code>/", objection.want, name="want"),
    path("track/", track.track, name="track"),
]

CUSTOMERS = [
    path("apply/<str:category>/", apply.apply, name="apply"),
    path("apply/<str:category>/discard/", apply.apply_discard, name="apply_discard"),
    path("apply/<str:category>/papers/<slug:item>/", apply.apply_paper, name="apply_paper"),
    path("apply/<str:category>/<slug:step>/", apply.apply_step, name="apply_step"),
    path("apply/<str:category>/<slug:step>/save/", apply.apply_save, name="apply_save"),
    path("my/", my.my, name="my"),
    path("my/claim/", my_parties.my_claim, name="my_claim"),
    path("my/<uuid:pk>/", my.my_case, name="my_case"),
    path("my/<uuid:pk>/do/<slug:name>/", my_acts.my_act, name="my_act"),
    path("my/<uuid:pk>/code/<slug:name>/", my_parties.my_code, name="my_code"),
    path("my/<uuid:pk>/papers/<slug:item>/", my_acts.my_paper, name="my_paper"),
    path("my/<uuid:pk>/papers/<slug:kind>/<int:n>/", written.my_written, name="my_written"),
    path("my/<uuid:pk>/papers/<slug:kind>/<int:n>/pdf/", written.my_written_pdf, name="my_written_pdf"),
    path("my/<uuid:pk>/supply/", my_acts.my_supply, name="my_supply"),
    path("my/<uuid:pk>/question/", my_says.my_question, name="my_question"),
    path("my/<uuid:pk>/told-to-wait/", my_says.my_told_to_wait, name="my_told_to_wait"),
    path("my/<uuid:pk>/pauses/<uuid:pause>/", my_says.my_dispute, name="my_dispute"),
]

SIGNED_IN = [
    path("documents/<uuid:pk>/", documents.document, name="document"),
    path("documents/<uuid:pk>/pages/<int:n>/", paper_desk.document_page, name="document_page"),
]

OFFICERS = [
    path("desk/", desk.desk, name="desk"),
    path("desk/capacity/", capacity.capacity_assets, name="capacity_assets"),
    path("desk/capacity/import/", capacity.capacity_import, name="capacity_import"),
    path("desk/capacity/<int:pk>/", capacity.capacity_asset, name="capacity_asset"),
    path("cases/<uuid:pk>/scheme/", scheme.case_scheme, name="case_scheme"),
    path("desk/contacts/new/", contacts.contact_new, name="contact_new"),
    path("desk/contacts/<uuid:pk>/outcome/", outcomes.contact_outcome, name="contact_outcome"),
    path("desk/contacts/<uuid:pk>/outcome/<slug:outcome>/", outcomes.contact_resolve, name="contact_resolve"),
    path("desk/contacts/<uuid:pk>/hand-on/", outcomes.contact_hand_on, name="contact_hand_on"),
    path("cases/<uuid:pk>/join/", outcomes.case_join, name="case_join"),
    path("cases/<uuid:pk>/parties/<int:party>/identity/", parties.party_identity, name="party_identity"),
    path("cases/<uuid:pk>/parties/<slug:name>/", parties.party_act, name="party_act"),
    path("cases/<uuid:pk>/papers/", paper_desk.case_papers, name="case_papers"),
    path("cases/<uuid:pk>/papers/take-in/", paper_desk.case_paper_receive, name="case_paper_receive"),
    path("cases/<uuid:pk>/papers/<slug:kind>/<int:n>/", written.case_paper, name="case_paper"),
    path("cases/<uuid:pk>/papers/<slug:kind>/<int:n>/pdf/", written.case_paper_pdf, name="case_paper_pdf"),
    path("cases/<uuid:pk>/", case.case_page, name="case"),
    path("cases/<uuid:pk>/apply/", contacts.contact_apply, name="contact_apply"),
    path("cases/<uuid:pk>/act/<slug:name>/", case.case_act, name="case_act"),
]

BOARD = [
    path("board/", board.board, name="board"),
    path("board/cases/", board_lists.board_cases, name="board_cases"),
    path("board/contacts/", board_lists.board_contacts, name="board_contacts"),
    path("board/breaches/", board_lists.board_breaches, name="board_breaches"),
    path("board/assign/", board_assign.board_assign, name="board_assign"),
]

urlpatterns = [*EVERYONE, *CUSTOMERS, *SIGNED_IN, *OFFICERS, *BOARD]
