"""The acts of a connection application. Button, form, API answer, event sentence and test list derive from these lines."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications import leaving
from applications import policies as may
from workflow.actions import Action, register, register_events, register_facts
from workflow.policies import node_was_reached
from workflow.stages import ROUTE_STAGES, Stage

COUNTER = frozenset({"intake"})
OFFICE = frozenset({"intake", "planner", "surveyor", "inspector", "supervisor"})
BEFORE_ACCEPTANCE = frozenset({Stage.DRAFT, Stage.INTAKE})
ON_ITS_WAY = frozenset({Stage.DRAFT, *ROUTE_STAGES})
ON_ROUTE = frozenset(ROUTE_STAGES)
SCHEME_WAITS = frozenset({Stage.SCHEME, Stage.CONTRACT, Stage.WORKS})
SURVEYS_OR_PLANS = frozenset({"surveyor", "planner", "fitter", "supervisor"})
PLANNERS = frozenset({"planner", "supervisor"})
REVISABLE = frozenset({Stage.CONTRACT, Stage.WORKS, Stage.INSPECTION})
UP_TO_SCHEME = frozenset({Stage.SURVEY, Stage.SCHEME, Stage.CONNECTION})
"""Where a scheme is drafted: on the shortest routes in one visit with the meter."""
DEPARTMENTS = {
    "planning": _("planning"), "operations": _("operations"), "dispatch": _("dispatch"), "metering": _("metering department"),
    "finance": _("finance"),
}  # fmt: skip
SCHEME_WAITS = frozenset({Stage.SCHEME, Stage.CONTRACT, Stage.WORKS})

register_facts(
    {
        "acceptance": _("acceptance"),
        "survey": _("survey"),
        "scheme": _("supply scheme"),
        "countersignature": _("countersignature"),
        "reply": _("reply to the customer"),
        "agreement": _("agreement to the scheme"),
        "fees": _("charges"),
        "payment": _("payment"),
        "contract": _("contract text"),
        "signature": _("signed contract"),
        "design": _("design papers"),
        "design_review": _("design review"),
        "mid_request": _("request for mid-construction inspection"),
        "mid_inspection": _("mid-construction inspection"),
        "completion": _("completion notice"),
        "inspection": _("inspection"),
        "metering": _("metering"),
        "energisation": _("energisation"),
        "archive": _("archive"),
        "change_consent": _("consent of the former holder"),
        "handover": _("handover"),
        "hosting": _("hosting capacity"),
        "filing": _("filing of the project"),
        "removal": _("removal"),
    }
)

register(
    Action("start_application", "application.started", _("Start application"), step="start", roles=COUNTER, customer=True,
           stages=frozenset({Stage.CONTACT, Stage.ANSWERED})),
    Action("submit", "application.submitted", _("Submit application"), power="papers", step="submit", roles=COUNTER, customer=True,
           stages=frozenset({Stage.DRAFT}), policies=(may.a_route_is_pinned,)),
    Action("record_echo", "echo.recorded", _("Record the customer's answer"), roles=COUNTER, customer=True,
           stages=frozenset({Stage.DRAFT, Stage.INTAKE}), policies=(may.customer_has_not_answered_yet,)),
    Action("accept", "application.accepted", _("Accept"), fact="acceptance",
           policies=(may.no_request_is_open, may.no_paper_stands_returned, may.customer_was_asked_about_first_contact, may.what_it_builds_on_stands)),
    Action("request_documents", "documents.requested", _("Request missing papers"), roles=OFFICE, stages=ON_ITS_WAY,
           policies=(may.no_request_is_open,)),
    Action("supply_documents", "documents.supplied", _("Supply papers"), power="papers", roles=COUNTER, customer=True, stages=ON_ITS_WAY,
           policies=(may.a_request_is_open,)),
    Action("receive_document", "document.received", _("Receive a paper"), power="papers", roles=OFFICE, customer=True, stages=ON_ITS_WAY),
    Action("refuse", "application.refused", _("Do not accept"), step="refuse", roles=COUNTER, stages=BEFORE_ACCEPTANCE),
    Action("record_survey", "survey.recorded", _("Record survey"), fact="survey"),
    Action("draft_scheme", "scheme.drafted", _("Draft supply scheme"), fact="scheme",
           policies=(may.what_it_builds_on_stands, may.hosting_is_assessed,)),
    Action("countersign", "scheme.countersigned", _("Countersign"), fact="countersignature",
           policies=(may.what_it_builds_on_stands,)),
    Action("return_scheme", "scheme.returned", _("Return scheme"), sends_back=True, at_fact="countersignature",
           policies=(may.what_it_builds_on_stands,)),
    Action("reply_scheme", "scheme.replied", _("Reply to the customer"), fact="reply",
           policies=(may.what_it_builds_on_stands,)),
    Action("agree_scheme", "scheme.agreed", _("Agree to the scheme"), power="scheme", fact="agreement",
           policies=(may.what_it_builds_on_stands,)),
    Action("object_to_scheme", "scheme.objected", _("Object to the scheme"), power="scheme", sends_back=True, at_fact="agreement",
           policies=(may.what_it_builds_on_stands,)),
    Action("revise_scheme", "scheme.revised", _("Revise scheme"), sends_back=True, reopens="scheme", roles=PLANNERS,
           stages=REVISABLE, policies=(may.a_scheme_was_agreed,)),
    Action("determine_fees", "fees.determined", _("Determine charges"), fact="fees"),
    Action("record_payment", "payment.recorded", _("Record payment"), fact="payment",
           policies=(may.what_it_builds_on_stands,)),
    Action("issue_contract", "contract.issued", _("Issue contract text"), fact="contract"),
    Action("sign_contract", "contract.signed", _("Sign contract"), power="sign", fact="signature",
           policies=(may.what_it_builds_on_stands,)),
    Action("submit_design", "design.submitted", _("Submit design papers"), power="works", fact="design"),
    Action("review_design", "design.reviewed", _("Review design"), fact="design_review",
           policies=(may.what_it_builds_on_stands,)),
    Action("return_design", "design.returned", _("Return design with opinions"), sends_back=True, at_fact="design_review",
           policies=(may.what_it_builds_on_stands,)),
    Action("request_mid_inspection", "mid_inspection.requested", _("Request mid-construction inspection"), power="works", fact="mid_request"),
    Action("record_mid_inspection", "mid_inspection.recorded", _("Record mid-construction inspection"), fact="mid_inspection",
           policies=(may.what_it_builds_on_stands,)),
    Action("notify_completion", "completion.notified", _("Notify completion"), power="works", fact="completion", policies=(may.is_the_first_round,)),
    Action("request_reinspection", "reinspection.requested", _("Request re-inspection"), power="works", fact="completion",
           policies=(may.is_a_later_round,)),
    Action("record_inspection", "inspection.recorded", _("Record inspection passed"), fact="inspection"),
    Action("require_rectification", "rectification.required", _("Require rectification"), sends_back=True, at_fact="inspection"),
    Action("record_metering", "metering.recorded", _("Record metering"), fact="metering"),
    Action("energise_source", "source.energised", _("Energise"), fact="energisation",
           policies=(may.a_meter_hangs, may.contract_is_signed, may.what_is_due_is_paid, may.grid_works_are_done)),
    Action("archive", "case.archived", _("Archive"), fact="archive"),
    Action("withdraw", "case.withdrawn", _("Withdraw"), power="withdraw", step="withdraw", roles=COUNTER, customer=True, stages=ON_ITS_WAY),
    Action("terminate", "case.terminated", _("Terminate"), step="terminate", roles=frozenset({"supervisor", "planner"}), stages=ON_ROUTE,
           policies=(leaving.is_a_supervisor_or_the_scheme_has_lapsed,)),
    Action("void", "case.voided", _("Void"), step="void", roles=frozenset({"intake", "supervisor"}), stages=BEFORE_ACCEPTANCE,
           policies=(may.did_not_ask_for_it,), second_person=True),
    Action("reopen", "case.reopened", _("Re-open"), step="reopen", roles=frozenset({"intake", "supervisor"}),
           stages=frozenset({Stage.REFUSED, Stage.WITHDRAWN, Stage.TERMINATED})),
    Action("return_to_node", "case.went_back", _("Return to an earlier node"), sends_back=True, roles=frozenset({"supervisor"}),
           stages=ON_ROUTE, policies=(node_was_reached,)),
)  # fmt: skip

# Categories: rename and transfer, PV, temporary supply.
register(
    Action("record_change_consent", "change.consented", _("Record the former holder's consent"), fact="change_consent"),
    Action("record_handover", "handover.recorded", _("Record the handover"), fact="handover"),
    Action("assess_hosting", "hosting.assessed", _("Record what the grid can take in"), fact="hosting",
           policies=(may.what_it_builds_on_stands,)),
    Action("record_filing", "filing.recorded", _("Record the filing"), fact="filing"),
    Action("renew_temporary", "temporary.renewed", _("Renew the temporary supply"), roles=frozenset({"intake", "planner"}),
           stages=frozenset({Stage.ARCHIVING}), policies=(may.is_temporary_and_in_use,)),
    Action("record_removal", "removal.recorded", _("Record the removal"), fact="removal"),
)  # fmt: skip

# Parties: who they are, what they may do, what third parties agree to, whose the premises are.
register(
    Action("add_party", "party.added", _("Add a party"), roles=OFFICE, stages=ON_ITS_WAY),
    Action("record_authority", "authority.recorded", _("Record an agent's authority"), roles=OFFICE, stages=ON_ITS_WAY),
    Action("end_authority", "authority.ended", _("End an agent's authority"), roles=OFFICE, customer=True, power="authority",
           stages=frozenset(Stage)),
    Action("verify_phone", "phone.verified", _("Verify a phone"), roles=OFFICE, customer=True, stages=ON_ITS_WAY),
    Action("record_consent", "consent.recorded", _("Record a consent"), roles=OFFICE, stages=ON_ITS_WAY),
    Action("question_title", "title.questioned", _("Mark the title as unclear"), roles=OFFICE, stages=ON_ITS_WAY,
           policies=(may.title_is_not_questioned_yet,)),
    Action("settle_title", "title.settled", _("Record whose the premises are"), roles=OFFICE, stages=ON_ITS_WAY,
           policies=(may.title_is_questioned,)),
    Action("reveal_identity", "identity.revealed", _("Show the whole ID number"), stages=frozenset(Stage),
           roles=frozenset({*OFFICE, "approver", "reviewer", "fitter", "archivist"})),
)  # fmt: skip

# Papers looked at one by one; how long a scheme holds.
register(
    Action("review_document", "document.reviewed", _("Check a paper"), roles=OFFICE, stages=ON_ITS_WAY),
    Action("extend_validity", "scheme.extended", _("Extend the scheme's validity"), roles=frozenset({"planner", "intake", "supervisor"}),
           stages=SCHEME_WAITS, policies=(leaving.a_reply_still_holds, leaving.validity_was_not_extended_yet)),
    Action("lapse_scheme", "scheme.lapsed", _("Scheme lapsed"), stages=SCHEME_WAITS, policies=(leaving.its_last_day_has_passed,)),
)  # fmt: skip

# Scheme and capacity: objection answered, options, departments, access design, open capacity and who waits for it.
register_facts(
    {
        f"countersignature:{code}": format_lazy("{}（{}）", _("countersignature"), name)
        for code, name in DEPARTMENTS.items()
    }
)
register(
    Action("answer_objection", "objection.answered", _("Answer the objection, the scheme stays"), fact="scheme",
           policies=(may.an_objection_is_open,)),
    Action("choose_option", "scheme.option_chosen", _("Choose the other option"), sends_back=True, at_fact="agreement",
           policies=(may.what_it_builds_on_stands, may.another_option_is_offered)),
    Action("check_capacity", "capacity.checked", _("Look up the open capacity"), roles=SURVEYS_OR_PLANS, stages=UP_TO_SCHEME),
    Action("queue_for_capacity", "capacity.queued", _("Put into the capacity queue"), roles=SURVEYS_OR_PLANS, stages=UP_TO_SCHEME,
           policies=(may.waits_in_no_queue,)),
    Action("release_capacity", "capacity.released", _("Release capacity to this case"), roles=PLANNERS, stages=ON_ROUTE,
           policies=(may.waits_in_a_queue,)),
    Action("grant_priority", "priority.granted", _("Grant a priority"), roles=frozenset({"supervisor"}), stages=ON_ITS_WAY),
    Action("request_access_design", "access_design.requested", _("Ask for the access design"), roles=SURVEYS_OR_PLANS,
           stages=UP_TO_SCHEME, policies=(may.no_design_is_asked_for,)),
    Action("receive_access_design", "access_design.received", _("Record the access design"), roles=SURVEYS_OR_PLANS, stages=ON_ROUTE,
           policies=(may.a_design_is_asked_for,)),
)  # fmt: skip

# Works of both sides, reasons for waiting, refunds, meters handed out.
SEES_WORKS = frozenset({"planner", "surveyor", "inspector", "fitter", "supervisor"})
WHILE_BUILT = frozenset(
    {Stage.SURVEY, Stage.SCHEME, Stage.CONTRACT, Stage.WORKS, Stage.INSPECTION, Stage.CONNECTION}
)
KNOWS_WHY = frozenset({*OFFICE, "approver", "reviewer", "fitter", "archivist"})
HAS_PAID = frozenset({*ROUTE_STAGES, Stage.ARCHIVED, Stage.WITHDRAWN, Stage.TERMINATED})
register_facts({"grid_works": _("works of the grid")})
register(
    Action("add_works", "works.added", _("Enter an item of works"), roles=SEES_WORKS, stages=WHILE_BUILT),
    Action("report_works", "works.reported", _("Report on the works"), roles=SEES_WORKS, stages=WHILE_BUILT,
           policies=(may.works_are_under_way,)),
    Action("finish_works", "works.finished", _("Record works as finished"), fact="grid_works"),
    Action("state_wait", "wait.stated", _("Say why it waits"), roles=KNOWS_WHY, stages=ON_ROUTE),
    Action("issue_meters", "meters.issued", _("Record meters handed out"), roles=frozenset({"fitter", "planner", "supervisor"}),
           stages=frozenset({Stage.WORKS, Stage.INSPECTION, Stage.CONNECTION})),
    Action("refund_payment", "payment.refunded", _("Give money back"), roles=frozenset({"planner", "supervisor"}), stages=HAS_PAID,
           policies=(may.something_was_paid, may.did_not_ask_for_it), second_person=True),
)  # fmt: skip

# Many at once: a unit takes over its project's papers; what the project itself says stands in its own stream.
register(
    Action("take_over_papers", "papers.shared", _("Take over the project's papers"), power="papers", roles=OFFICE, customer=True,
           stages=ON_ITS_WAY),
)  # fmt: skip
register_events({"project.opened", "project.paper_received", "project.sheet_sent", "project.sheet_done"})

# 督办: attention from above is on record, and what is asked is answered.
IN_WORK = frozenset({Stage.CONTACT, *ON_ITS_WAY})
register(
    Action("look_into", "supervision.opened", _("Look into it"), roles=frozenset({"supervisor"}), stages=IN_WORK),
    Action("hurry", "supervision.ordered", _("Supervise"), roles=frozenset({"supervisor"}), stages=IN_WORK),
    Action("answer_supervision", "supervision.answered", _("Answer the supervision"), roles=KNOWS_WHY, stages=frozenset(Stage)),
)  # fmt: skip
register_events({"report.issued"})

# Field work: what came from a device too late to be recorded.
register(
    Action("keep_capture", "capture.kept", _("Keep what was captured"), stages=frozenset(Stage)),
    Action("settle_capture", "capture.settled", _("Settle what was captured"), stages=frozenset(Stage)),
)  # fmt: skip

# Found by the sweep: papers asked for that did not come in time.
register_events({"paper.overdue"})
