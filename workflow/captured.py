"""What a device's clock is believed: pure. Work without network is filled in there and reaches the log later.

It counts at the moment the device captured it only between the nonce (the server's own, so nothing can lie before it) and the record, and
only if the gap is within the node's allowance. Otherwise it counts at the record, like everything else.
"""

from __future__ import annotations

import datetime as dt


def counts_at(
    recorded_at: dt.datetime,
    captured_at: dt.datetime | None,
    nonce_at: dt.datetime | None,
    allowance: dt.timedelta,
) -> dt.datetime:
    """When an act counts for the clocks it stops."""
    if captured_at is None or nonce_at is None:
        return recorded_at
    believable = nonce_at <= captured_at <= recorded_at and recorded_at - captured_at <= allowance
    return captured_at if believable else recorded_at
