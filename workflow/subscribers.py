"""What the workflow itself hears of: rungs and warnings become lines for the people who have to know."""

from workflow.models import Event
from workflow.relay import subscriber
from workflow.services import telling


@subscriber("workflow.telling", kinds=telling.HEARD)
def tell_staff(event: Event) -> None:
    """Note who is to hear; the digest is made by a task of its own."""
    telling.tell(event)
