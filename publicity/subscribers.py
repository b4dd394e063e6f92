"""What publicity hears of: milestones become notices."""

from publicity.notices import KINDS
from publicity.services import notices
from workflow.models import Event
from workflow.relay import subscriber


@subscriber("publicity.notices", kinds=KINDS)
def tell_customers(event: Event) -> None:
    """Write the sentence down; sending is a task of its own."""
    notices.write(event)
