"""Sending: a delivery is leased by a committed UPDATE, sent outside any transaction, and settled by another.

Where it may go: https to public addresses, or hosts the operator lists. The address is looked up once, judged, and connected to itself,
so that a name can't lead elsewhere in between; redirects are answers like any other and never followed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import logging
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import WebhookDelivery
from applications.selectors.node_times import moment, node_row
from workflow.models import Case, Event, Task
from workflow.relay import FAILURES_TO_BURY

log = logging.getLogger(__name__)

WAITS = (10, 60, 600, 3600)
"""Seconds before the second, third, fourth and fifth try."""
LEASE_SECONDS = 60
PATIENCE = 5
"""Seconds an address has for each of connecting and answering."""


class Unsent(Exception):
    """It did not arrive; `reason` is a status or a word, never what came back."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason[:60]


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery in our hands."""

    pk: Any
    attempts: int


def why_not_there(url: str) -> str | None:
    """Why nothing is sent to this address; None where it may be. Names are looked up when sending, not here."""
    try:
        parts = urlsplit(url)
        port_reads = parts.port is None or parts.port > 0
    except ValueError:
        port_reads = False
    if (
        not port_reads
        or not parts.hostname
        or parts.username
        or parts.fragment
        or parts.scheme not in ("http", "https")
    ):
        return _("Write a whole address without a user name, for example https://host.example.cn/tongdian.")
    if _is_listed(parts):
        return None
    if parts.scheme != "https":
        return _("Only https; other hosts have to be listed by the operator in TONGDIAN_WEBHOOK_HOSTS.")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return None
    if not literal.is_global:
        return _("This is an inner address; the operator has to list it in TONGDIAN_WEBHOOK_HOSTS.")
    return None


def send_due(seconds: float = 20) -> int:
    """Send what is due for so long. An address that failed is left alone till the next time, so that others need not wait for it."""
    until, sick, tried = time.monotonic() + seconds, [0], 0
    while time.monotonic() < until and (leased := _lease(sick)):
        delivery = WebhookDelivery.objects.select_related("subscription__token__channel").get(pk=leased.pk)
        if not _send(delivery, leased):
            sick.append(delivery.subscription_id)
        tried += 1
    return tried


_LEASE = """
UPDATE applications_webhookdelivery SET attempts = attempts + 1, leased_until_at = clock_timestamp() + make_interval(secs => %s)
WHERE id = (
    SELECT d.id FROM applications_webhookdelivery d
    WHERE d.delivered_at IS NULL AND d.dead_at IS NULL AND d.subscription_id <> ALL(%s)
      AND (d.leased_until_at IS NULL OR d.leased_until_at < clock_timestamp())
      AND NOT EXISTS (
        SELECT FROM applications_webhookdelivery earlier
        WHERE earlier.subscription_id = d.subscription_id AND earlier.stream = d.stream AND earlier.number < d.number
          AND earlier.delivered_at IS NULL AND earlier.dead_at IS NULL)
    ORDER BY d.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, attempts
"""


def _lease(sick: list[int]) -> Leased | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LEASE, [LEASE_SECONDS, sick])
        row = cursor.fetchone()
    return Leased(*row) if row else None


def _send(delivery: WebhookDelivery, leased: Leased) -> bool:
    held = WebhookDelivery.objects.filter(pk=leased.pk, attempts=leased.attempts, dead_at=None)
    if leased.attempts > FAILURES_TO_BURY:  # its workers died before they could say so
        held.update(dead_at=timezone.now(), leased_until_at=None, last_error="WorkerLost")
        return True
    if not delivery.subscription.in_force:
        held.update(dead_at=timezone.now(), leased_until_at=None, last_error="stopped")
        return True
    try:
        body = json.dumps(body_of(delivery), ensure_ascii=False, separators=(",", ":")).encode()
        post(delivery.subscription.url, body, _headers(delivery, body))
    except Unsent as unsent:
        _failed(held, leased, unsent.reason)
        return False
    except (OSError, http.client.HTTPException, ValueError) as failure:
        _failed(held, leased, type(failure).__name__)
        return False
    held.update(delivered_at=timezone.now(), leased_until_at=None, last_error="")
    return True


def _failed(held: Any, leased: Leased, reason: str) -> None:
    log.warning("webhook delivery %s failed: %s", leased.pk, reason)
    if leased.attempts >= FAILURES_TO_BURY:
        held.update(dead_at=timezone.now(), leased_until_at=None, last_error=reason)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE applications_webhookdelivery SET last_error = %s, leased_until_at = clock_timestamp() + make_interval(secs => %s)"
            " WHERE id = %s AND attempts = %s AND dead_at IS NULL",
            [reason, WAITS[leased.attempts - 1], leased.pk, leased.attempts],
        )


def body_of(delivery: WebhookDelivery) -> dict[str, Any]:
    """What is told: the event's header, the nodes it opened and closed, the receiver's own numbers. Nobody's name, phone or place."""
    event = Event.objects.get(stream=delivery.stream, number=delivery.number)
    case = Case.objects.select_related("office").get(pk=delivery.stream.removeprefix("case:"))
    touched = Q(opened_number=event.number) | Q(closed_number=event.number)
    tasks = Task.objects.filter(touched, case=case).select_related("case", "office").order_by("opened_number")
    system = delivery.subscription.system
    own = case.external_refs.filter(system=system).values("system", "kind", "value") if system else []
    return {
        "delivery": str(delivery.pk), "kind": event.kind, "case": str(case.pk), "number": str(case), "office": case.office.code,
        "event": event.number, "recorded_at": moment(event.recorded_at), "occurred_at": moment(event.occurred_at),
        "stage_from": event.state_from, "stage_to": event.state_to, "node": event.task_node, "round": event.task_round,
        "nodes": [node_row(task) for task in tasks], "external": list(own),
    }  # fmt: skip


def _headers(delivery: WebhookDelivery, body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    return {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "Tongdian", "Tongdian-Delivery": str(delivery.pk),
        "Tongdian-Signature": f"t={stamp},v1={signature(delivery.subscription.secret, stamp, body)}",
    }  # fmt: skip


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 of `<unix seconds>.<body>`, hexadecimal: an old body can't be sent again as a new one."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def post(url: str, body: bytes, headers: dict[str, str]) -> None:
    """Send it; anything but 2xx is a failure. Raises Unsent, OSError, HTTPException."""
    if why_not_there(url):
        raise Unsent("address not allowed")
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    wire = _wire(parts)
    try:
        wire.request("POST", target, body, headers)
        status = wire.getresponse().status
    finally:
        wire.close()
    if not 200 <= status < 300:
        raise Unsent(f"HTTP {status}")


def _wire(parts: SplitResult) -> http.client.HTTPConnection:
    """A connection to the address that was judged; TLS still asks for the name."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    wire = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    sock = socket.create_connection((_address(host, port, _is_listed(parts)), port), timeout=PATIENCE)
    if parts.scheme == "https":
        try:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        except BaseException:
            sock.close()
            raise
    wire.sock = sock
    return wire


def _address(host: str, port: int, listed: bool) -> str:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not listed and not all(ipaddress.ip_address(address.partition("%")[0]).is_global for address in found):
        raise Unsent("inner address")
    return found[0]


def _is_listed(parts: SplitResult) -> bool:
    listed = settings.TONGDIAN_WEBHOOK_HOSTS
    return parts.hostname in listed or f"{parts.hostname}:{parts.port}" in listed
