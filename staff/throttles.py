"""How often signing in may be tried. Counted in the database, by fingerprint, per window of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from staff.encryption import blind_index
from staff.models import Throttle


@dataclass(frozen=True)
class Rate:
    """At most `limit` tries per key and window."""

    scope: str
    limit: int
    window: timedelta

    def opened_at(self, moment: datetime) -> datetime:
        """When the window that holds this moment opened."""
        seconds = int(self.window.total_seconds())
        stamp = int(moment.timestamp())
        return datetime.fromtimestamp(stamp - stamp % seconds, tz=moment.tzinfo)


# Guessing a code: 5 tries a code and 5 codes an hour are 25 guesses in a million.
CODE_PAUSE = Rate("code:pause", 1, timedelta(minutes=1))
CODES_TO_PHONE = Rate("code:phone", 5, timedelta(hours=1))
CODES_FROM_NETWORK = Rate("code:network", 30, timedelta(hours=1))
CODE_CHECKS_FROM_NETWORK = Rate("code:check", 100, timedelta(hours=1))
# Guessing a password: this account from this place; any account from this network; this account from anywhere
# it has never been used. A device that signed in to the account before pays the first alone, so nobody far away
# can lock its owner out.
PASSWORD_HERE = Rate("password:here", 5, timedelta(minutes=15))
PASSWORD_FROM_NETWORK = Rate("password:network", 60, timedelta(minutes=15))
PASSWORD_FROM_STRANGERS = Rate("password:strangers", 50, timedelta(hours=1))

# Registering without sign-in: a hall's visitors share its network, one phone has few wishes a day.
CONTACTS_FROM_NETWORK = Rate("contact:network", 60, timedelta(hours=1))
CONTACTS_OF_PHONE = Rate("contact:phone", 6, timedelta(hours=1))
# Looking up with a number and four digits: 10 tries a number and hour are one in a thousand.
LOOKUPS_FROM_NETWORK = Rate("track:network", 40, timedelta(minutes=10))
LOOKUPS_OF_NUMBER = Rate("track:number", 10, timedelta(hours=1))


@dataclass(frozen=True)
class Toll:
    """A rate and who it is counted for."""

    rate: Rate
    key: str

    @property
    def fingerprint(self) -> str:
        return blind_index(self.key, self.rate.scope)


class TooOften(Exception):
    """Tried too often; `opens_at` is when it can be tried again."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__()
        self.opens_at = opens_at


def pay(tolls: list[Toll], moment: datetime) -> None:
    """Count one try for each; raises TooOften. Counted before the try: parallel ones can't slip through."""
    for toll in tolls:
        window = toll.rate.opened_at(moment)
        if Throttle.objects.hit(toll.rate.scope, toll.fingerprint, window) > toll.rate.limit:
            raise TooOften(window + toll.rate.window)


def give_back(tolls: list[Toll], moment: datetime) -> None:
    """Uncount a try that succeeded: who knows the password is no guesser."""
    for toll in tolls:
        Throttle.objects.forgive(toll.rate.scope, toll.fingerprint, toll.rate.opened_at(moment))
