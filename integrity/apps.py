"""The integrity app: looks at what happened, after it happened; nothing below knows of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff import navigation
from staff.policies import Role

WATCHERS = frozenset({Role.AUDITOR, Role.DISCIPLINE})
HANDLERS = frozenset(Role) - {Role.DISCIPLINE}


class IntegrityConfig(AppConfig):
    """Offers its pages to auditors and the discipline office."""

    name = "integrity"
    verbose_name = _("Integrity")

    def ready(self) -> None:
        navigation.offer(
            navigation.Entry(_("Flags"), "integrity:flags", "staff", roles=WATCHERS, order=10),
            navigation.Entry(_("Cases to audit"), "integrity:stories", "staff", roles=WATCHERS, order=12),
            navigation.Entry(
                _("Verify the log"),
                "integrity:ledger",
                "staff",
                roles=frozenset({Role.AUDITOR}),
                order=13,
            ),
            navigation.Entry(_("Rules of detection"), "integrity:rules", "staff", roles=WATCHERS, order=14),
            navigation.Entry(
                _("Interventions"),
                "integrity:interventions",
                "staff",
                roles=frozenset({Role.DISCIPLINE}),
                order=16,
            ),
            navigation.Entry(
                _("Register an intervention"), "intervention:new", "staff", roles=HANDLERS, order=70
            ),
            navigation.Entry(_("Rules of law"), "integrity:law", "staff", order=80, signed_in=True),
        )
