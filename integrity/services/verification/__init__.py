"""Verifying the whole record, one case, or a stretch of time: what is told is who it concerns and which row, never merely "invalid".

    for step in verification(Scope(case=case.pk)):      # or Scope(), or Scope(begin=…, end=…)
        match step:
            case Progress(): …   # done, total, doing
            case Finding():  …   # what, sentence, case_number, row, detail
            case Report():   …   # the last one: holds, events, leaves, head, findings

Nothing is written; everything is read in one snapshot.
"""

from integrity.services.verification.run import verification
from integrity.services.verification.words import DOINGS, WORDS, Finding, Progress, Report, Scope

__all__ = ["DOINGS", "WORDS", "Finding", "Progress", "Report", "Scope", "verification"]
