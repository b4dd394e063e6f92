"""Verbs of the connection application, one module a stage. SERVICES finds the one of an act by the act's name."""

from __future__ import annotations

from collections.abc import Callable

from applications.services import (
    archive,
    change,
    contract,
    exits,
    fees,
    handling,
    inspection,
    intake,
    metering,
    papers,
    pv,
    scheme,
    survey,
    temporary,
    works,
)
from workflow.transitions import Done

SERVICES: dict[str, Callable[..., Done]] = {
    service.__name__: service
    for service in (
        intake.record_echo,
        intake.accept,
        papers.request_documents,
        papers.supply_documents,
        intake.refuse,
        handling.take,
        handling.assign,
        handling.pause,
        handling.resume,
        handling.correct,
        survey.record_survey,
        scheme.draft_scheme,
        scheme.countersign,
        scheme.return_scheme,
        scheme.reply_scheme,
        scheme.agree_scheme,
        scheme.object_to_scheme,
        scheme.revise_scheme,
        fees.determine_fees,
        fees.record_payment,
        contract.issue_contract,
        contract.sign_contract,
        works.submit_design,
        works.review_design,
        works.return_design,
        works.request_mid_inspection,
        works.record_mid_inspection,
        works.notify_completion,
        works.request_reinspection,
        inspection.record_inspection,
        inspection.require_rectification,
        metering.record_metering,
        metering.energise_source,
        archive.archive,
        change.record_change_consent,
        change.record_handover,
        pv.assess_hosting,
        pv.record_filing,
        temporary.renew_temporary,
        temporary.record_removal,
        exits.withdraw,
        exits.terminate,
        exits.void,
        exits.reopen,
        exits.return_to_node,
    )
}
"""Each is called as `SERVICES[name](application, by=…, circumstance=…, **form.cleaned_data)`."""
