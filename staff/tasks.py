"""What runs by the clock: codes and counters that matter no more are forgotten."""

from celery import shared_task
from django.utils import timezone

from staff.services import forget_old


@shared_task
def forget_old_codes() -> None:
    """Phone numbers in used codes are personal data; they are kept two days, for whoever looks into an attack."""
    forget_old(moment=timezone.now())
