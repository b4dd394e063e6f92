"""Words for the codes in payloads of facts: `{{ data.cause|called:"Cause" }}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import TextChoices

from applications.models import (
    AgreementMethod,
    BusinessType,
    Cause,
    ConsentKind,
    ContractKind,
    DeliveryMethod,
    DesignSide,
    ExitReason,
    Filer,
    HostingResult,
    PartyRole,
    Payer,
    Power,
    Pricing,
    PriorityKind,
    RefundReason,
    RevealReason,
    SigningMethod,
    SupplyClass,
    TitleDecider,
    TitleResult,
    Verification,
    WorksKind,
    WorksNews,
    WorksSide,
)
from workflow.actions import fact_label
from workflow.models import AppointmentOutcome, HandBackReason, SaidBy, WaitCause

register = template.Library()

LISTS: dict[str, type[TextChoices]] = {
    choices.__name__: choices
    for choices in (
        AgreementMethod,
        AppointmentOutcome,
        BusinessType,
        Cause,
        ConsentKind,
        ContractKind,
        DeliveryMethod,
        DesignSide,
        ExitReason,
        Filer,
        HandBackReason,
        HostingResult,
        PartyRole,
        Payer,
        Power,
        Pricing,
        PriorityKind,
        RefundReason,
        RevealReason,
        SaidBy,
        SigningMethod,
        SupplyClass,
        TitleDecider,
        TitleResult,
        Verification,
        WaitCause,
        WorksKind,
        WorksNews,
        WorksSide,
    )
}


@register.filter
def called(code: Any, name: str) -> str:
    """What a code of the list of that name is called; the code itself where the list does not have it."""
    choices = LISTS[name]
    return str(choices(code).label) if code in choices.values else str(code or "")


@register.filter
def fact_called(code: Any) -> str:
    """What a fact is called."""
    return fact_label(str(code))
