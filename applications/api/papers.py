"""Papers of a case: what came, and one file more."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.answers import moment
from applications.api.authentication import token_of
from applications.api.base import WEB, ApiView
from applications.api.errors import invalid
from applications.api.serializers import PaperSerializer, UploadSerializer
from applications.models import Application, Document, TokenScope
from applications.selectors.facts import paper_names
from applications.services.papers import receive_document
from applications.uploads import IDENTITY, Fit, Unfit, examine
from staff.access import SIGNED_IN, open_to
from workflow.models import Event, EventPayload
from workflow.transitions import Done

HALL = "hall"


@open_to(SIGNED_IN)
class Papers(ApiView):
    """Papers of a case."""

    scope = TokenScope.APPLICATIONS
    tag = "papers"
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="list_papers", responses=PaperSerializer(many=True))
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What came, in its newest versions."""
        application = self.application(pk)
        names = paper_names(application)
        return Response(
            [_row(d, names) for d in application.documents.filter(replaced=False).order_by("received_at")]
        )

    @extend_schema(
        operation_id="hand_in_paper",
        request={"multipart/form-data": UploadSerializer},
        responses={201: PaperSerializer},
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """One file of one paper: a photo (JPEG, PNG) or a PDF. It takes the place of what was there, unless `beside`."""
        application = self.application(pk)
        names = paper_names(application)
        return self.once(
            f"{pk.hex}:documents",
            lambda key: self._do(application, names, key),
            lambda done: _row(_document(done), names),
        )

    def _do(self, application: Application, names: dict[str, str], key: str) -> Done:
        item, file = str(self._sent().get("item", "")), self._file()
        if item not in names:
            raise invalid({"item": [_("This is not on the list; choose one that is.")]})
        if self.caller.is_customer and item in IDENTITY and not _ticked(self._sent().get("consent")):
            said = _(
                "Without your consent we may not store this photo. You can bring the paper to a hall instead."
            )
            raise invalid({"consent": [said]})
        token = token_of(self.request)
        channel = token.channel_id if token else WEB if self.caller.is_customer else HALL
        document = receive_document(
            application, item, file.upload, by=self.caller, channel=channel, media_type=file.media_type, key=key,
            beside=_ticked(self._sent().get("beside")), circumstance=self.circumstance(application.case),
        )  # fmt: skip
        application.case.refresh_from_db()
        number = Event.objects.filter(
            stream=application.case.stream, kind="document.received", documents__contains=[f"sha-256:{document.sha256}"]
        ).latest("number").number  # fmt: skip
        return Done(application.case.pk, application.case.stream, number)

    def _sent(self) -> Any:
        return self.request.data

    def _file(self) -> Fit:
        file = self.request.FILES.get("file")
        if file is None:
            raise invalid({"file": [_("Choose a file or take a photo first.")]})
        try:
            return examine(file)
        except Unfit as why:
            raise invalid({"file": [why.sentence]}) from why


def _ticked(value: Any) -> bool:
    return str(value).lower() in ("true", "1", "on", "yes")


def _document(done: Done) -> Document:
    said = EventPayload.objects.get(stream=done.stream, number=done.number).data
    return Document.objects.get(pk=said["document"])


def _row(document: Document, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": str(document.pk), "item": document.item_code, "name": names.get(document.item_code, document.item_code),
        "version": document.version, "media_type": document.media_type, "size": document.size, "sha256": document.sha256,
        "received_at": moment(document.received_at),
    }  # fmt: skip
