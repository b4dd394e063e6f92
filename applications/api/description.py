"""The API about itself: the OpenAPI description, and pages to try it on, without any script of ours inside a page."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from applications.api.authentication import Channel, Session
from staff.access import OFFICER, SIGNED_IN, open_to


@open_to(SIGNED_IN)
class Schema(SpectacularAPIView):
    """OpenAPI 3, in the reader's language."""

    authentication_classes = [Channel, Session]


@open_to(OFFICER)
class Docs(SpectacularSwaggerSplitView):
    """Every operation, and a form to try it with one's own session."""

    authentication_classes = [Session]
    url_name = "api:schema"
    template_name = "applications/api_docs.html"
