"""Background work of publicity; the schedule stands in config/celery.py."""

from celery import shared_task

from publicity.services import notices


@shared_task
def send_notices() -> None:
    """Hand over the notices that wait."""
    notices.send_due()
