"""The staff app: who people are, what they may do, and how they sign in."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from staff import navigation
from staff.encryption import why_unfit_for_production
from staff.policies import Role


@register(Tags.security, deploy=True)
def customers_can_get_a_code(**_options: Any) -> list[CheckMessage]:
    """Say before going live that no customer could sign in."""
    if settings.TONGDIAN_CODE_GATEWAY:
        return []
    return [
        CheckWarning(
            "TONGDIAN_CODE_GATEWAY is not set: sign-in codes reach nobody, so customers can't sign in.",
            hint="Give the dotted path of a class with send(phone, text); see staff.gateways.",
            id="staff.W001",
        )
    ]


class StaffConfig(AppConfig):
    """Refuses to start a production installation on a published encryption key."""

    name = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        refusal = why_unfit_for_production(tuple(settings.FIELD_KEYS))
        if refusal and settings.TONGDIAN_ENV == "production":
            raise ImproperlyConfigured(refusal)
        navigation.offer(
            navigation.Entry(
                _("People and certificates"),
                "staff:people",
                "staff",
                roles={Role.SUPERVISOR, Role.TRAINING, Role.ADMINISTRATOR},
                order=30,
            ),
            navigation.Entry(_("About me"), "staff:me", "staff", order=90, signed_in=True),
            navigation.Entry(_("Sign in"), "staff:signin", "customer", order=90, signed_in=False),
            navigation.Entry(_("About me"), "staff:me", "customer", order=90, signed_in=True),
        )
