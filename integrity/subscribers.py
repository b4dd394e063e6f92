"""Integrity hears of every event and looks at those of cases."""

from integrity.services.detection import examine_event
from workflow.models import Event
from workflow.relay import subscriber


@subscriber("integrity.checks")
def look(event: Event) -> None:
    """Run the rules in force over the event. Delivered twice, it still makes one flag."""
    examine_event(event)
