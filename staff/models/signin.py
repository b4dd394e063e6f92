"""What guards sign-in: codes sent to phones, and counters that survive a restart."""

from datetime import datetime

from django.db import connection, models
from django.utils import timezone
from uuid6 import uuid7

from staff.fields import EncryptedTextField


class SignInCode(models.Model):
    """A code sent to one phone, usable once, for a few minutes, in the browser that asked for it.

    The code itself is stored only as a keyed fingerprint; the phone is kept so that the customer can be made
    when the code is right, and is never carried by the browser.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=64, db_index=True)
    fingerprint = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_signincode_expires_after_sending",
                condition=models.Q(expires_at__gt=models.F("sent_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


HIT = """
    INSERT INTO staff_throttle (scope, key, "window", hits) VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, key, "window") DO UPDATE SET hits = staff_throttle.hits + 1
    RETURNING hits
"""


class ThrottleManager(models.Manager["Throttle"]):
    """Counts in the database, so that neither a restart nor several workers reset or split the count."""

    def hit(self, scope: str, key: str, window: datetime) -> int:
        """Add one and return the new count; one statement, so two requests can't both be the last allowed."""
        with connection.cursor() as cursor:
            cursor.execute(HIT, [scope, key, window])
            return int(cursor.fetchone()[0])

    def forgive(self, scope: str, key: str, window: datetime) -> None:
        """Take one back."""
        self.filter(scope=scope, key=key, window=window, hits__gt=0).update(hits=models.F("hits") - 1)

    def forget_before(self, moment: datetime) -> int:
        """Delete windows that opened before that moment; they count no more."""
        return self.filter(window__lt=moment).delete()[0]


class Throttle(models.Model):
    """How often something was tried in a window of time. Keys are fingerprints, not names or addresses."""

    scope = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    window = models.DateTimeField()
    hits = models.PositiveIntegerField(default=0)

    objects = ThrottleManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="staff_throttle_one_row_a_window", fields=["scope", "key", "window"]
            ),
        ]
        indexes = [models.Index(name="staff_throttle_window", fields=["window"])]

    def __str__(self) -> str:
        return f"{self.scope} {self.window:%Y-%m-%d %H:%M}"
