"""Application, parties, premises, documents, and the facts of each stage."""

from applications.models.application import (
    EXITS,
    STAGE_STEPS,
    Application,
    BusinessType,
    Fact,
    SupplyClass,
    digest_of,
)
from applications.models.archive import ArchiveRecord, Exit, ExitReason
from applications.models.contract import Contract, ContractKind, ContractTemplate, Signature, SigningMethod
from applications.models.document import ChecklistItem, Document, DocumentRequest, DocumentStatus
from applications.models.draft import Draft
from applications.models.fees import FeeItem, FeeKind, FeeSheet, Payment
from applications.models.inspection import Inspection, RectificationNotice
from applications.models.intake import Acceptance
from applications.models.legacy import LegacyRecord
from applications.models.metering import Energisation, Metering
from applications.models.party import Party, PartyRole, Premises
from applications.models.scheme import (
    Agreement,
    AgreementMethod,
    Cause,
    Countersignature,
    DeliveryMethod,
    MeteringMode,
    MeteringPoint,
    Objection,
    Phase,
    ReplyNotice,
    Scheme,
    SchemePeriod,
    SchemeRevision,
    SchemeSource,
    SourceNature,
    TariffCategory,
    VoltageLevel,
)
from applications.models.survey import ImportantGrade, LoadKind, Survey
from applications.models.works import (
    CompletionNotice,
    DesignReview,
    DesignSubmission,
    MidInspection,
    MidInspectionRequest,
)

__all__ = [
    "EXITS", "STAGE_STEPS", "Acceptance", "Agreement", "AgreementMethod", "Application", "ArchiveRecord", "BusinessType",
    "Cause", "ChecklistItem", "CompletionNotice", "Contract", "ContractKind", "ContractTemplate", "Countersignature",
    "DeliveryMethod", "DesignReview", "DesignSubmission", "Document", "DocumentRequest", "DocumentStatus", "Draft",
    "Energisation", "Exit", "ExitReason", "Fact", "FeeItem", "FeeKind", "FeeSheet", "ImportantGrade", "Inspection",
    "LegacyRecord", "LoadKind", "Metering", "MeteringMode", "MeteringPoint", "MidInspection", "MidInspectionRequest", "Objection", "Party",
    "PartyRole", "Payment", "Phase", "Premises", "RectificationNotice", "ReplyNotice", "Scheme", "SchemePeriod",
    "SchemeRevision", "SchemeSource", "Signature", "SigningMethod", "SourceNature", "SupplyClass", "Survey",
    "TariffCategory", "VoltageLevel", "digest_of",
]  # fmt: skip
