"""The act and the events of this app."""

from django.utils.translation import gettext_lazy as _

from staff.policies import WORKING_ROLES, Role
from workflow.actions import Action, register, register_events
from workflow.stages import Stage

HANDLERS = frozenset({*WORKING_ROLES, Role.SUPERVISOR})

EXPLAIN = "explain_gap"

# An explanation may come after the case has ended: every stage is named.
register(Action(EXPLAIN, "gap.explained", _("Explain the gap"), roles=HANDLERS, stages=frozenset(Stage)))

register_events(
    {
        "flag.raised",
        "flag.taken",
        "flag.explanation_requested",
        "flag.explained",
        "flag.confirmed",
        "flag.dismissed",
        "check_rule.changed",
        "audit.case_read",
        "audit.case_verified",
        "audit.log_verified",
        "audit.interventions_read",
        "intervention.registered",
        "tip_off.handed_in",
        "tip_off.answered",
        "nil.declared",
        "payload.erased",
    }
)
