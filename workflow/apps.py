"""The workflow app: case, contact, event, route, task, deadline, calendar; the one door for change."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from staff import navigation
from staff.policies import WORKING_ROLES, Role


class WorkflowConfig(AppConfig):
    """Finds the subscribers of the apps above once all are loaded, so that nothing below imports them."""

    name = "workflow"

    def ready(self) -> None:
        """Import every app's `acts` and `subscribers`: they register themselves."""
        autodiscover_modules("acts", "subscribers")
        readers = {Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR}
        navigation.offer(
            navigation.Entry(
                _("Reminders"),
                "workflow:told",
                "staff",
                roles=WORKING_ROLES | {Role.SUPERVISOR, Role.ADMINISTRATOR},
                order=45,
            ),
            navigation.Entry(_("Overload"), "workflow:overloads", "staff", roles={Role.SUPERVISOR}, order=50),
        )
        navigation.offer(navigation.Entry(_("Rules"), "workflow:routes", "staff", roles=readers, order=60))
