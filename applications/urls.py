"""Addresses of the connection application: customers first, then the counter."""

from django.urls import path

from applications.views import (
    apply,
    board,
    board_assign,
    board_lists,
    board_morning,
    board_report,
    board_supervise,
    board_trends,
    capacity,
    case,
    contact_public,
    contacts,
    counter,
    desk,
    desk_acts,
    documents,
    field,
    field_acts,
    field_page,
    hand_over,
    home,
    my,
    my_acts,
    my_parties,
    my_says,
    objection,
    other_systems,
    outcomes,
    paper_desk,
    parties,
    project_sheets,
    project_signing,
    projects,
    receipt,
    scheme,
    searches,
    track,
    works,
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
    path("desk/find/", searches.desk_find, name="desk_find"),
    path("desk/views/", desk_acts.desk_view_save, name="desk_view_save"),
    path("desk/views/<int:pk>/remove/", desk_acts.desk_view_drop, name="desk_view_drop"),
    path("desk/ticked/", desk_acts.desk_bulk, name="desk_bulk"),
    path("desk/list/", desk_acts.desk_print, name="desk_print"),
    path("desk/hand-over/", hand_over.hand_over, name="hand_over"),
    path("desk/counter/", counter.counter, name="counter"),
    path("cases/<uuid:pk>/beside/", desk.case_beside, name="case_beside"),
    path("desk/capacity/", capacity.capacity_assets, name="capacity_assets"),
    path("desk/capacity/import/", capacity.capacity_import, name="capacity_import"),
    path("desk/capacity/<int:pk>/", capacity.capacity_asset, name="capacity_asset"),
    path("cases/<uuid:pk>/scheme/", scheme.case_scheme, name="case_scheme"),
    path("cases/<uuid:pk>/works/", works.case_works, name="case_works"),
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

PROJECTS = [
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<uuid:pk>/", projects.project_page, name="project"),
    path("projects/<uuid:pk>/units.xlsx", projects.project_template, name="project_template"),
    path("projects/<uuid:pk>/papers/", projects.project_paper_add, name="project_paper_add"),
    path("projects/<uuid:pk>/papers/<int:paper>/", projects.project_paper, name="project_paper"),
    path("projects/<uuid:pk>/act/<slug:name>/", projects.project_act, name="project_act"),
    path(
        "projects/<uuid:pk>/act/<slug:name>/sheet.xlsx",
        projects.project_act_template,
        name="project_act_template",
    ),
    path("projects/<uuid:pk>/sign/", project_signing.project_sign, name="project_sign"),
    path("projects/<uuid:pk>/sign/code/", project_signing.project_code, name="project_code"),
    path(
        "projects/<uuid:pk>/read/<slug:name>/", project_sheets.project_sheet_read, name="project_sheet_read"
    ),
    path("projects/<uuid:pk>/sheets/<uuid:sheet>/", project_sheets.project_sheet, name="project_sheet"),
    path(
        "projects/<uuid:pk>/sheets/<uuid:sheet>/confirm/",
        project_sheets.project_sheet_confirm,
        name="project_sheet_confirm",
    ),
    path(
        "projects/<uuid:pk>/sheets/<uuid:sheet>/discard/",
        project_sheets.project_sheet_discard,
        name="project_sheet_discard",
    ),
]

BOARD = [
    path("board/", board.board, name="board"),
    path("board/cases/", board_lists.board_cases, name="board_cases"),
    path("board/contacts/", board_lists.board_contacts, name="board_contacts"),
    path("board/breaches/", board_lists.board_breaches, name="board_breaches"),
    path("board/assign/", board_assign.board_assign, name="board_assign"),
    path("board/wall/", board.board_wall, name="board_wall"),
    path("board/trends/", board_trends.board_trends, name="board_trends"),
    path("board/morning/", board_morning.board_morning, name="board_morning"),
    path("board/hurry/", board_supervise.board_hurry, name="board_hurry"),
    path("board/cases/<uuid:pk>/look/", board_supervise.board_look_into, name="board_look_into"),
    path("board/reports/", board_report.board_reports, name="board_reports"),
    path("board/reports/<int:pk>/xlsx/", board_report.board_report_xlsx, name="board_report_xlsx"),
    path("board/reports/<int:pk>/pdf/", board_report.board_report_pdf, name="board_report_pdf"),
    path("supervision/", board_supervise.supervision, name="supervision"),
    path("supervision/<uuid:pk>/", board_supervise.supervision_answer, name="supervision_answer"),
]

FIELD = [
    path("field/", field.field_day, name="field_day"),
    path("field/sw.js", field_page.field_worker, name="field_worker"),
    path("field/manifest.webmanifest", field_page.field_manifest, name="field_manifest"),
    path("field/order/", field.field_order, name="field_order"),
    path("field/hand-back/", field.field_hand_back, name="field_hand_back"),
    path("field/kept/<uuid:pk>/", field_acts.field_capture, name="field_capture"),
    path("field/<uuid:pk>/", field.field_visit, name="field_visit"),
    path("field/<uuid:pk>/do/<slug:name>/", field_acts.field_act, name="field_act"),
]

SYSTEMS = [
    path("systems/", other_systems.other_systems, name="other_systems"),
    path("systems/sheet/", other_systems.system_sheet, name="system_sheet"),
    path("systems/node-times.csv", other_systems.node_times_file, name="node_times_file"),
    path("systems/new/", other_systems.webhook_new, name="webhook_new"),
    path("systems/<int:pk>/", other_systems.webhook, name="webhook"),
    path("systems/<int:pk>/stop/", other_systems.webhook_stop, name="webhook_stop"),
    path("systems/<int:pk>/again/", other_systems.webhook_again, name="webhook_again"),
    path("systems/deliveries/<uuid:pk>/again/", other_systems.delivery_again, name="delivery_again"),
]

urlpatterns = [*SYSTEMS, *EVERYONE, *CUSTOMERS, *SIGNED_IN, *OFFICERS, *FIELD, *PROJECTS, *BOARD]
