"""Rules of suspicion, flags, the office's explanations; interventions; the public log."""

from integrity.models.flag import Flag, FlagNote, FlagStatus
from integrity.models.gap import Cause, GapAnswer
from integrity.models.intervention import (
    Asker,
    Intervention,
    InterventionKind,
    NilDeclaration,
    TipOff,
    Wanted,
)
from integrity.models.ledger import (
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerLeaf,
    LedgerTile,
    LedgerToken,
    LedgerTree,
)
from integrity.models.rule import CheckClass, CheckRule
from integrity.models.verification import Verification

__all__ = [
    "Asker", "Cause", "CheckClass", "CheckRule", "Flag", "FlagNote", "FlagStatus", "GapAnswer", "Intervention", "InterventionKind",
    "LedgerCheckpoint", "LedgerCosignature", "LedgerLeaf", "LedgerTile", "LedgerToken", "LedgerTree", "NilDeclaration", "TipOff",
    "Verification", "Wanted",
]  # fmt: skip
