"""The acts that belong to no application: contacts, tasks, pauses, corrections. And the events that no act emits."""

from django.utils.translation import gettext_lazy as _

from staff.policies import WORKING_ROLES, Role
from workflow.actions import Action, register, register_events
from workflow.policies import one_is_for_them_to_take, runs_by_itself, shares_out_or_holds_it
from workflow.stages import ENDED, ROUTE_STAGES, Stage

REACHABLE = frozenset(Stage) - ENDED | {Stage.ANSWERED}
"""Where somebody may still turn up about the case; after that a new wish is a new case."""

HANDLERS = frozenset({*WORKING_ROLES, Role.SUPERVISOR})
"""Posts that deal with cases. Who may do what precisely is asked of the task, the rule row and the second person."""

WATCHERS = frozenset({Role.SUPERVISOR, Role.APPROVER, Role.INTAKE})
"""Posts that share out work."""

UNDER_WAY = frozenset({Stage.CONTACT, Stage.DRAFT, *ROUTE_STAGES})
COUNTER = frozenset({Role.INTAKE, Role.PLANNER, Role.SUPERVISOR})

register(
    # Whoever comes is registered: no post, no certificate, no sign-in.
    Action("register_contact", "contact.registered", _("Register contact"), stages=REACHABLE),
    Action(
        "link_contact",
        "contact.linked",
        _("Join to another case"),
        step="join",
        stages=frozenset({Stage.ANSWERED, *UNDER_WAY}),  # which of the two survives is decided before
        roles=COUNTER,
    ),
    Action(
        "resolve_contact",
        "contact.resolved",
        _("Give the contact its outcome"),
        stages=frozenset(Stage),  # a question asked just before the end is answered after it
        roles=HANDLERS,
    ),
    Action(
        "tell_outcome",
        "contact.told",
        _("Tell the customer the outcome"),
        stages=frozenset(Stage),
        roles=HANDLERS,
    ),
    # Whoever holds the receipt's code may say that something has to be done after all.
    Action("object_to_outcome", "contact.objected", _("I want it done"), stages=frozenset(Stage)),
    Action(
        "close_contact",
        "contact.closed",
        _("Let the outcome take effect"),
        stages=frozenset(Stage),
        policies=(runs_by_itself,),
    ),
    Action(
        "hand_on_contact",
        "contact.handed_on",
        _("Hand on to another office"),
        stages=frozenset({Stage.CONTACT}),
        roles=COUNTER | HANDLERS,
    ),
    Action("take", "task.taken", _("Take"), stages=UNDER_WAY, policies=(one_is_for_them_to_take,)),
    Action(
        "assign",
        "task.assigned",
        _("Assign"),
        stages=UNDER_WAY,
        roles=HANDLERS,
        policies=(shares_out_or_holds_it,),
    ),
    Action("pause", "clock.paused", _("Pause the clock"), stages=UNDER_WAY, roles=HANDLERS),
    Action("resume", "clock.resumed", _("Resume the clock"), stages=UNDER_WAY, roles=HANDLERS),
    # Field work: times for a visit, tasks taken along and handed back.
    Action(
        "offer_appointment",
        "appointment.offered",
        _("Offer times for a visit"),
        stages=UNDER_WAY,
        roles=HANDLERS,
    ),
    Action(
        "agree_appointment",
        "appointment.agreed",
        _("Record the time agreed"),
        stages=UNDER_WAY,
        roles=HANDLERS,
    ),
    Action(
        "miss_appointment",
        "appointment.missed",
        _("Record that nobody met"),
        stages=UNDER_WAY,
        roles=HANDLERS,
    ),
    Action("take_along", "task.taken_along", _("Take along"), stages=UNDER_WAY),
    Action("hand_back", "task.handed_back", _("Hand back"), stages=UNDER_WAY),
    Action(
        "ask_extension",
        "extension.asked",
        _("Ask for an extension"),
        stages=UNDER_WAY,
        roles=HANDLERS,
    ),
    Action(
        "agree_extension",
        "deadline.extended",
        _("Agree to the extension"),
        stages=UNDER_WAY,
        customer=True,
        power="scheme",
    ),
    Action(
        "decline_extension",
        "extension.declined",
        _("Do not agree to the extension"),
        stages=UNDER_WAY,
        customer=True,
        power="scheme",
    ),
    Action(
        "correct", "correction.recorded", _("Record a correction"), stages=frozenset(Stage), roles=HANDLERS
    ),
)

register_events(
    {
        # found by the sweep
        "deadline.warned",
        "deadline.missed",
        "deadline.escalated",
        # a calendar, a limit or a mistake put right moved it
        "deadline.moved",
        "clock.overran",
        # said by a station, answered by its superior
        "overload.declared",
        "overload.answered",
        "overload.unanswered",
        # the published calendar ends soon
        "calendar.horizon",
        "task.offered",
        # on the chain of the case that goes on
        "contact.joined",
        # said by the customer, in a stream the case's handlers can't see
        "told_to_wait.reported",
        # follows an approved correction
        "deadline.reassessed",
        # written by the database's own triggers and commands
        "case.delete_attempted",
        "staff.changed",
        "history.recorded",
        "system.created",
        # rules published
        "route.chosen",
        "route.published",
        "calendar.published",
        # imported from another system
        "case.adopted",
    }
)
