"""Putting it in writing: the paper of an act, composed and kept inside the act, its digest in the act's event."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import override

from applications.models import Application, IssuedPaper, PaperKind, digest_of
from applications.selectors.sheets import COMPOSERS
from applications.selectors.terms import PAPER_LANGUAGE
from workflow.transitions import Act

WRITTEN: dict[str, str] = {
    "accept": PaperKind.ACCEPTANCE,
    "request_documents": PaperKind.REQUEST,
    "reply_scheme": PaperKind.SCHEME_REPLY,
    "extend_validity": PaperKind.EXTENSION,
    "record_inspection": PaperKind.INSPECTION,
    "require_rectification": PaperKind.RECTIFICATION,
    "queue_for_capacity": PaperKind.QUEUE,
    "record_payment": PaperKind.FEE_RECEIPT,
    "refund_payment": PaperKind.REFUND,
    "refuse": PaperKind.EXIT,
    "withdraw": PaperKind.EXIT,
    "terminate": PaperKind.EXIT,
    "void": PaperKind.EXIT,
}
"""Acts that leave something in writing, and which kind of paper it is. A contract is kept by its own fact."""


def put_in_writing(a: Act, application: Application) -> IssuedPaper | None:
    """Issue the act's paper, once its facts stand; nothing for acts that leave none.

    The text is kept as issued: names and rules may change afterwards, what the customer was given does not. The log holds its digest.
    """
    kind = WRITTEN.get(a.action.name)
    if kind is None:
        return None
    number = application.issuedpapers.filter(kind=kind).count() + 1
    moment = timezone.now()
    with override(PAPER_LANGUAGE):
        sheet = COMPOSERS[kind](application, number, moment)
    if sheet is None:
        return None
    paper = IssuedPaper.objects.create(
        application=application, round=a.round, recorded_by=a.by, occurred_at=a.occurred_at, recorded_at=moment, kind=kind, number=number,
        title=sheet.title, content=sheet.dumped(), digest=digest_of(sheet.words()),
    )  # fmt: skip
    a.data |= {"paper": kind, "paper_number": number}
    a.documents.append(paper.digest)
    return paper
