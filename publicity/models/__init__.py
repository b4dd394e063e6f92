"""Who pays what, and the notices sent to customers."""

from publicity.models.cost import Cost
from publicity.models.notice import Notice, Reached

__all__ = ["Cost", "Notice", "Reached"]
