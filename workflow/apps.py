"""The workflow app: case, contact, event, route, task, deadline, calendar; the one door for change."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowConfig(AppConfig):
    """Finds the subscribers of the apps above once all are loaded, so that nothing below imports them."""

    name = "workflow"

    def ready(self) -> None:
        """Import every app's `acts` and `subscribers`: they register themselves."""
        autodiscover_modules("acts", "subscribers")
