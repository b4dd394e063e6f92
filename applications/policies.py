"""Policies of single acts of a connection application; those of every act are workflow.policies."""

from __future__ import annotations

from django.utils.translation import gettext as _

from workflow.actions import fact_label
from workflow.situation import Situation

BUILDS_ON = {
    "acceptance": "change_consent",
    "hosting": "survey",
    "scheme": "survey",
    "countersignature": "scheme",
    "reply": "scheme",
    "agreement": "scheme",
    "payment": "fees",
    "signature": "contract",
    "design_review": "design",
    "mid_inspection": "mid_request",
}
"""What a fact is about: without it there is nothing to record. Holds within one task too, where a route merges the two."""


def no_request_is_open(s: Situation) -> str | None:
    """While papers are asked for, the case waits for them."""
    if s.facts.get("open_request"):
        return _("Papers were requested and have not been supplied yet.")
    return None


def no_paper_stands_returned(s: Situation) -> str | None:
    """Accepted over a paper that was found not in order, it would be asked for later, and the one-time notice forbids asking twice."""
    if not s.facts.get("returned"):
        return None
    return _(
        "A paper was found not in order and has not come anew. Ask for it in the one-time notice, take in the new one, or mark it as in order."
    )


def what_it_builds_on_stands(s: Situation) -> str | None:
    """A reply needs a scheme, a payment a sheet: asked wherever the route has both facts."""
    before = BUILDS_ON.get(s.action.task_fact) if s.action else None
    if before is None or s.done_task(before) or not any(before in node.facts for node in s.nodes):
        return None
    return _("First this has to be recorded: %(fact)s.") % {"fact": fact_label(before)}


def a_request_is_open(s: Situation) -> str | None:
    """Papers are supplied to a request."""
    return None if s.facts.get("open_request") else _("No request for papers is open.")


def a_route_is_pinned(s: Situation) -> str | None:
    """Without a route nobody knows what comes next."""
    return (
        None
        if s.facts.get("has_route")
        else _("No process version is in force for this category; ask an administrator.")
    )


def customer_was_asked_about_first_contact(s: Situation) -> str | None:
    """The echo question comes before acceptance, whatever is answered."""
    if s.facts.get("echo"):
        return None
    return _("Ask the customer first on which day they first asked for power, and record the answer.")


def contract_is_signed(s: Situation) -> str | None:
    """供用电合同 before supply (供电监管办法): energising without it is refused."""
    needs = any("signature" in node.facts for node in s.nodes)
    if needs and s.done_task("signature") is None:
        return _("The supply contract has not been signed yet.")
    return None


def what_is_due_is_paid(s: Situation) -> str | None:
    """Unpaid charges gate energising, not earlier steps."""
    if s.facts.get("unpaid"):
        return _("Charges are not paid yet.")
    return None


def grid_works_are_done(s: Situation) -> str | None:
    """The grid's own works come before energising; works of one source alone hold up that source, in its turn."""
    waiting = [t for t in s.tasks if t.is_open and t.current and "grid_works" in s.node(t.node_code).facts]
    if not waiting:
        return None
    works = s.facts.get("works", [])
    if not works:
        return _("The works of the grid are not entered yet; enter them, or say that none are needed.")
    if any(row["done"] is None and row["source"] is None for row in works):
        return _("The works of the grid are not finished yet.")
    return None


def works_are_under_way(s: Situation) -> str | None:
    """News is of works that are entered and not finished."""
    return None if s.facts.get("works_open") else _("No works are under way; enter an item of works first.")


def something_was_paid(s: Situation) -> str | None:
    """Given back is what was paid."""
    return None if s.facts.get("refundable") else _("Nothing was paid that could be given back.")


def did_not_ask_for_it(s: Situation) -> str | None:
    """Where a second person is needed, it is a second person."""
    second = s.data.get("approved_by")
    if not second:
        return _("A second person has to approve this.")
    if s.actor is not None and str(second) == str(s.actor.pk):
        return _("The person who approves must be another than the one who asks.")
    return None


def customer_has_not_answered_yet(s: Situation) -> str | None:
    """What the customer answered stays as it was given."""
    return (
        _("The customer has answered already; the answer stays as it was given.")
        if s.facts.get("echo")
        else None
    )


def a_scheme_was_agreed(s: Situation) -> str | None:
    """Revised is what was drafted before."""
    return None if s.done_task("scheme") else _("No scheme has been drafted yet.")


def a_meter_hangs(s: Situation) -> str | None:
    """Nothing is energised that is not metered; of several meters one is enough here, the source's own is asked for in its turn."""
    if s.done_task("metering") or not any("metering" in node.facts for node in s.nodes):
        return None
    if s.task and "metering" in s.node(s.task.node_code).facts and s.task.round in s.facts.get("metered", ()):
        return None
    return _("First this has to be recorded: %(fact)s.") % {"fact": fact_label("metering")}


def an_objection_is_open(s: Situation) -> str | None:
    """Answered is what was objected to."""
    return None if s.facts.get("objected") else _("There is no objection that is still to be answered.")


def another_option_is_offered(s: Situation) -> str | None:
    """Chosen is what was offered beside the version drafted."""
    return None if s.facts.get("options") else _("The scheme compares no other voltage or capacity.")


def waits_in_a_queue(s: Situation) -> str | None:
    """Capacity is released to who waits for it."""
    return None if s.facts.get("queued") else _("This case waits for no capacity.")


def waits_in_no_queue(s: Situation) -> str | None:
    """One place in a queue is enough."""
    return _("This case is in the queue already.") if s.facts.get("queued") else None


def a_design_is_asked_for(s: Situation) -> str | None:
    """What comes was asked for."""
    return None if s.facts.get("design_asked") else _("No access design has been asked for.")


def no_design_is_asked_for(s: Situation) -> str | None:
    """One at a time."""
    if s.facts.get("design_asked"):
        return _("An access design has been asked for already; record it when it comes.")
    return None


def is_a_later_round(s: Situation) -> str | None:
    """A re-inspection is asked for after an inspection sent the work back."""
    if s.task is not None and s.task.round < 2:
        return _("There was no inspection to repeat yet.")
    return None


def is_the_first_round(s: Situation) -> str | None:
    """After rectification it is a re-inspection that is asked for."""
    if s.task is not None and s.task.round > 1:
        return _("Use the request for re-inspection after rectification.")
    return None


def hosting_is_assessed(s: Situation) -> str | None:
    """A PV plant's scheme says what the grid can take in, where its route asks for that."""
    if s.done_task("hosting") or not any("hosting" in node.facts for node in s.nodes):
        return None
    return _("First record what the grid there can take in.")


def is_temporary_and_in_use(s: Situation) -> str | None:
    """What is renewed is a temporary supply that runs: neither another one, nor one taken down."""
    if s.matching.get("business_type") != "temporary":
        return _("Only a temporary supply has an end that can be moved.")
    if s.done_task("removal"):
        return _("This supply has been taken down already.")
    return None


def title_is_not_questioned_yet(s: Situation) -> str | None:
    """One question about the title at a time."""
    if s.facts.get("title_unclear"):
        return _("The title is marked as unclear already; record what was decided first.")
    return None


def title_is_questioned(s: Situation) -> str | None:
    """What is settled was in question."""
    return None if s.facts.get("title_unclear") else _("The title is not in question.")
