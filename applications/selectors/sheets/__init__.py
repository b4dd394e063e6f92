"""What each paper says, composed from what is recorded. Papers are in Chinese whoever prints them: callers compose under `in_chinese`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from applications.models import Application, PaperKind
from applications.selectors.sheets.acceptance import acceptance_receipt
from applications.selectors.sheets.endings import exit_notice, queue_notice
from applications.selectors.sheets.money import fee_receipt, refund_notice
from applications.selectors.sheets.requests import one_time_notice
from applications.selectors.sheets.schemes import extension_notice, scheme_reply
from applications.selectors.sheets.site import inspection_result, rectification_notice
from applications.sheets.parts import Sheet

type_composer = Callable[[Application, int, dt.datetime], Sheet | None]

COMPOSERS: dict[str, type_composer] = {
    PaperKind.ACCEPTANCE: acceptance_receipt,
    PaperKind.REQUEST: one_time_notice,
    PaperKind.SCHEME_REPLY: scheme_reply,
    PaperKind.EXTENSION: extension_notice,
    PaperKind.INSPECTION: inspection_result,
    PaperKind.RECTIFICATION: rectification_notice,
    PaperKind.FEE_RECEIPT: fee_receipt,
    PaperKind.REFUND: refund_notice,
    PaperKind.EXIT: exit_notice,
    PaperKind.QUEUE: queue_notice,
}
"""By kind; each is asked once, inside the act that issues the paper, and what it answered is kept; None is no paper."""
