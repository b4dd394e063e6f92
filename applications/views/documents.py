"""Files of a case, for whoever may see the case: always a download, never shown inside a page of ours."""

from __future__ import annotations

import logging
import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from applications.models import Document
from applications.uploads import EXTENSIONS
from applications.views.origin import me
from staff.access import SIGNED_IN, open_to
from workflow.models import Case

log = logging.getLogger(__name__)
UNKNOWN = "application/octet-stream"


@require_safe
@open_to(SIGNED_IN)
def document(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    """One file, under a name of ours; what the customer's device called it may be personal."""
    found = get_object_or_404(Document.objects.select_related("application"), pk=pk)
    case_id = found.application.case_id
    if not Case.objects.visible_to(me(request)).filter(pk=case_id).exists():
        raise Http404
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404
    log.info("document %s of case %s opened by %s", found.pk, case_id, me(request).pk)
    extension = EXTENSIONS.get(found.media_type, "bin")
    name = f"{found.item_code}-{found.version}.{extension}"
    answer = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=found.media_type if found.media_type in EXTENSIONS else UNKNOWN,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
