"""A customer's browser: fills in forms as they are shown and presses their buttons."""

from __future__ import annotations

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from applications.models import Application
from staff.models import User
from staff.sessions import BACKEND
from workflow.models import Contact

HOME = "new_supply.residential"
SHOP = "new_supply.lv_other"
FACTORY = "new_supply.hv_single"
ID_NUMBER = "11010519491231002X"
CREDIT_CODE = "91110000600037341L"

PLACE = {
    "address": "海棠路 18 号 2 单元 301",
    "title_kind": "deed",
    "owner_is_applicant": "yes",
    "office": "37010201",
}
ANSWERS = {
    "place": PLACE,
    "who": {"by_agent": "no"},
    "applicant": {"name": "张海棠", "id_number": ID_NUMBER},
    "load": {"usage": "residential", "capacity": "8 kW", "wanted_by_date": ""},
}
FIRM = {
    "place": PLACE,
    "who": {"by_agent": "yes"},
    "applicant": {"name": "临川恒泰五金厂", "id_number": CREDIT_CODE, "agent_name": "马立新"},
    "load": {"usage": "industrial", "capacity": "630", "wanted_by_date": ""},
}


def signed_in(user: User) -> Client:
    """Past the sign-in page."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text(response: Any) -> str:
    """The page as a reader's words."""
    return response.content.decode()


def hidden(response: Any, name: str = "key") -> str:
    """A hidden field's value as the page shows it."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text(response))
    assert found, name
    return found.group(1)


def fill(client: Client, category: str = HOME, answers: dict[str, dict[str, str]] | None = None) -> None:
    """Every step before the papers, each accepted."""
    for step, values in (answers or ANSWERS).items():
        response = client.post(f"/apply/{category}/{step}/", values)
        assert response.status_code == 302, (step, text(response))


def send(client: Client, category: str = HOME, **echo: str) -> Any:
    """The last page's button."""
    page = client.get(f"/apply/{category}/check/")
    return client.post(f"/apply/{category}/check/", {"key": hidden(page), "answer": "today"} | echo)


def applied(
    client: Client, category: str = HOME, answers: dict[str, dict[str, str]] | None = None
) -> Application:
    """A sent application."""
    fill(client, category, answers)
    response = send(client, category)
    assert response.status_code == 302, text(response)
    return Application.objects.get(
        case=Contact.objects.get(receipt_code=response.url.split("/")[2][:26]).case
    )


def photo(
    name: str = "id.jpg", size: tuple[int, int] = (40, 30), colour: str = "white"
) -> SimpleUploadedFile:
    """A photo that can be opened."""
    body = io.BytesIO()
    Image.new("RGB", size, colour).save(body, "JPEG")
    return SimpleUploadedFile(name, body.getvalue(), "image/jpeg")


def upload(client: Client, url: str, *files: SimpleUploadedFile, **more: str) -> Any:
    """Choose files and press the button, consenting where asked."""
    key = hidden(client.get(url))
    return client.post(url, {"key": key, "sheets": list(files), "consent": "on"} | more)
