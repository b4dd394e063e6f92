"""Callers of the API: by session, by token, as other systems would."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.test import Client

from applications.models import TokenScope
from applications.services.channel_tokens import issue_token
from staff.models import User
from tests.applications.customers import signed_in
from workflow.models import Channel

ROOT = "/api/v1"
ALL = tuple(TokenScope.values)


class Caller:
    """Sends JSON, a new key each time unless told one."""

    def __init__(self, client: Client, **headers: str) -> None:
        self.client, self.headers = client, headers

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"{ROOT}{path}", headers=self.headers | headers)

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        more = {} if key == "" else {"Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(
            f"{ROOT}{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers=self.headers | more | headers,
        )

    def upload(self, path: str, **fields: Any) -> Any:
        return self.client.post(
            f"{ROOT}{path}", fields, headers=self.headers | {"Idempotency-Key": uuid.uuid4().hex}
        )

    def offer(self, case: str, name: str) -> dict[str, Any]:
        """What the case's actions say of one act."""
        return next(one for one in self.get(f"/cases/{case}/actions/").json() if one["name"] == name)

    def act(self, case: str, name: str, key: str | None = None, **fields: Any) -> Any:
        """As an app does it: look at the form, start from what it starts with, change what is to be said, send it with its version."""
        offer = self.offer(case, name)
        shown = (offer["fields"] or {"properties": {}})["properties"]
        body = {field: schema["default"] for field, schema in shown.items() if "default" in schema} | fields
        version = {} if offer["version"] is None else {"If-Match": f'"{offer["version"]}"'}
        return self.post(f"/cases/{case}/acts/{name}/", body, key, **version)

    def done(self, case: str, name: str, **fields: Any) -> dict[str, Any]:
        """The same, and it has to be done."""
        answer = self.act(case, name, **fields)
        assert answer.status_code == 201, (name, answer.content.decode())
        return answer.json()


def person(user: User) -> Caller:
    """Somebody signed in."""
    return Caller(signed_in(user))


def channel(code: str = "app", scopes: tuple[str, ...] = ALL, phone: str = "", name: str = "") -> Caller:
    """A system with a token, speaking for a phone or for itself."""
    _token, secret = issue_token(
        name or f"{code} {uuid.uuid4().hex[:6]}", Channel.objects.get(code=code), scopes, by=None
    )
    more = {"Customer-Phone": phone} if phone else {}
    return Caller(Client(), Authorization=f"Channel {secret}", **more)
