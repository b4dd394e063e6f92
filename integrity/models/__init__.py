"""Rules of suspicion, flags, the office's explanations."""

from integrity.models.flag import Flag, FlagNote, FlagStatus
from integrity.models.gap import Cause, GapAnswer
from integrity.models.rule import CheckClass, CheckRule

__all__ = ["Cause", "CheckClass", "CheckRule", "Flag", "FlagNote", "FlagStatus", "GapAnswer"]
