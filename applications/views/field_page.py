"""What makes the field pages installable: the manifest, and the worker that answers while there is no network."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from staff.access import EVERYONE, open_to

WORKER = Path(settings.BASE_DIR) / "static" / "js" / "field_worker.js"


@open_to(EVERYONE)
@cache_control(no_cache=True)
def field_worker(_request: HttpRequest) -> HttpResponse:
    """The worker, served inside the field pages so that it governs them and nothing else. It holds nothing about anybody."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


@open_to(EVERYONE)
def field_manifest(_request: HttpRequest) -> HttpResponse:
    """Name, icon, start and scope of the installed page."""
    said = {
        "name": _("Tongdian: visits"), "short_name": _("Visits"), "lang": "zh-CN", "start_url": reverse("field_day"),
        "scope": reverse("field_day"), "display": "standalone", "background_color": "#f5f7f8", "theme_color": "#0b4a5a",
        "icons": [{"src": static("img/bolt.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")
