"""Rules of suspicion, flags, the office's explanations."""

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
from integrity.models.rule import CheckClass, CheckRule

__all__ = [
    "Asker", "Cause", "CheckClass", "CheckRule", "Flag", "FlagNote", "FlagStatus", "GapAnswer", "Intervention", "InterventionKind",
    "NilDeclaration", "TipOff", "Wanted",
]  # fmt: skip
