"""What applications themselves hear of: events other systems asked to be told."""

from applications.services import webhooks
from workflow.models import Event
from workflow.relay import subscriber


@subscriber("applications.webhooks", kinds=webhooks.KINDS)
def tell_systems(event: Event) -> None:
    """Queue it for everyone who asked; sending is a task of its own, so that no slow address holds the relay."""
    webhooks.queue(event)
