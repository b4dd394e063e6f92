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
from applications.models.change import ChangeConsent, ChangeParticulars, ChangeReason, Handover
from applications.models.charging import ChargingParticulars, Current, EstateConsent, Space
from applications.models.contract import Contract, ContractKind, ContractTemplate, Signature, SigningMethod
from applications.models.document import ChecklistItem, Document, DocumentRequest, DocumentStatus
from applications.models.draft import Draft
from applications.models.exit_rule import ExitRule
from applications.models.fees import FeeItem, FeeKind, FeeSheet, Payment
from applications.models.inspection import Inspection, RectificationNotice
from applications.models.intake import Acceptance
from applications.models.legacy import LegacyRecord
from applications.models.metering import Energisation, Metering
from applications.models.paper import IssuedPaper, PaperFault, PaperKind, RequestedPaper
from applications.models.party import Party, PartyRole, Premises, place_index
from applications.models.pv import Export, Filer, Filing, Hosting, HostingResult, PvParticulars, Roof
from applications.models.rules import StageLabel, ThreeZeroRule
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
from applications.models.temporary import (
    Removal,
    TemporaryParticulars,
    TemporaryPurpose,
    TemporaryRenewal,
    TemporaryTerm,
)
from applications.models.validity import SchemeExtension, SchemeLapse
from applications.models.works import (
    CompletionNotice,
    DesignReview,
    DesignSubmission,
    MidInspection,
    MidInspectionRequest,
)

__all__ = [
    "EXITS", "STAGE_STEPS", "Acceptance", "Agreement", "AgreementMethod", "Application", "ArchiveRecord",
    "BusinessType", "Cause", "ChangeConsent", "ChangeParticulars", "ChangeReason", "ChargingParticulars", "ChecklistItem",
    "CompletionNotice", "Contract", "ContractKind", "ContractTemplate", "Countersignature", "Current",
    "DeliveryMethod", "DesignReview", "DesignSubmission", "Document", "DocumentRequest", "DocumentStatus", "Draft",
    "Energisation", "EstateConsent", "Exit", "ExitReason", "ExitRule", "Export", "Fact", "FeeItem", "FeeKind", "FeeSheet",
    "Filer", "Filing", "Handover", "Hosting", "HostingResult", "ImportantGrade", "Inspection", "IssuedPaper", "LegacyRecord",
    "LoadKind", "Metering", "MeteringMode", "MeteringPoint", "MidInspection", "MidInspectionRequest", "Objection",
    "PaperFault", "PaperKind", "Party", "PartyRole", "Payment", "Phase", "Premises", "PvParticulars", "RectificationNotice", "Removal",
    "ReplyNotice", "RequestedPaper", "Roof", "Scheme", "SchemeExtension", "SchemeLapse", "SchemePeriod", "SchemeRevision",
    "SchemeSource", "Signature", "SigningMethod",
    "SourceNature", "Space", "StageLabel", "SupplyClass", "Survey", "TariffCategory", "TemporaryParticulars",
    "TemporaryPurpose", "TemporaryRenewal", "TemporaryTerm", "ThreeZeroRule", "VoltageLevel", "digest_of", "place_index",
]  # fmt: skip
