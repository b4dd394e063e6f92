"""The board's sentences: each title says what was found, and each number leads to what it counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.progress import stage_name
from applications.selectors.board import Group, Urgency, Watch
from applications.selectors.board_causes import Side, Waiting
from applications.selectors.board_figures import Cell, Day, concentrated, tally
from staff.formats import weekday

TO_WATCH = 3
"""From how many cases on one place is worth a sentence of its own."""


def address(name: str, watch: Watch, **asked: str) -> str:
    """A page of the board with the filter in its address, so that it can be kept, sent and come back to."""
    kept = {"office": watch.office.code if watch.office else "", "category": watch.category}
    query = urlencode({key: value for key, value in (kept | asked).items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def finding(found: Sequence[Group], watch: Watch) -> str:
    """Today's finding: what is overdue and where most of it lies; else what comes next."""
    counts = tally(found)
    if n := counts[Urgency.OVERDUE]:
        return _where_overdue(found, n, watch)
    if n := counts[Urgency.TODAY]:
        return ngettext(
            "Nothing is overdue; %(n)d case is due today", "Nothing is overdue; %(n)d cases are due today", n
        ) % {"n": n}
    if n := counts[Urgency.SOON]:
        return ngettext(
            "Nothing is overdue; %(n)d case is due within three working days",
            "Nothing is overdue; %(n)d cases are due within three working days",
            n,
        ) % {"n": n}
    return _("Nothing is overdue, and nothing is due within three working days")


def _where_overdue(found: Sequence[Group], n: int, watch: Watch) -> str:
    said = ngettext("%(n)d case is overdue today", "%(n)d cases are overdue today", n) % {"n": n}
    places: Counter[tuple[int, str]] = Counter()
    for group in found:
        if group.urgency == Urgency.OVERDUE:
            places[group.office_id, group.stage] += group.n
    (office, stage), most = places.most_common(1)[0]
    place = {"said": said, "office": watch.office_name(office), "stage": stage_name(stage), "n": most}
    if n == 1:
        return _("%(said)s: %(stage)s at %(office)s") % place
    if most == n:
        return _("%(said)s, all of them %(stage)s at %(office)s") % place
    if most > 1:
        return _("%(said)s, %(n)d of them %(stage)s at %(office)s") % place
    offices = len({office for office, _stage in places})
    if offices == 1:
        return _("%(said)s, all of them at %(office)s") % place
    return _("%(said)s, at %(m)d offices") % (place | {"m": offices})


def where_pressing(cells: Mapping[tuple[int, str], Cell], watch: Watch) -> str:
    """The heat table's title: where it presses, and whether elsewhere too."""
    total = sum(cell.count for cell in cells.values())
    if not total:
        return _("Nothing is overdue or due within three working days")
    said = ngettext("%(n)d case to watch", "%(n)d cases to watch", total) % {"n": total}
    most = concentrated(cells)
    if most is None:
        return _("%(said)s, spread over %(m)d places") % {"said": said, "m": len(cells)}
    (office, stage), n = most
    place = {"said": said, "office": watch.office_name(office), "stage": stage_name(stage), "n": n}
    rest = max((cell.count for key, cell in cells.items() if key != most[0]), default=0)
    if n >= TO_WATCH and n >= 2 * rest:
        place["rest"] = rest
        if not rest:
            return _("%(n)d cases press, all of them %(stage)s at %(office)s") % place
        return _("%(stage)s at %(office)s: %(n)d cases press; nowhere else more than %(rest)d") % place
    return _("%(said)s, most of them %(stage)s at %(office)s (%(n)d)") % place


def day_word(day: dt.date, today: dt.date) -> str:
    """今天, 周三, 下周一: the day as one says it, within two weeks."""
    if day == today:
        return _("Today")
    monday = today - dt.timedelta(days=today.weekday())
    return _("next %(weekday)s") % {"weekday": weekday(day)} if (day - monday).days >= 7 else weekday(day)


def what_comes(days: Sequence[Day], today: dt.date) -> str:
    """The forecast's title: the tightest of the next days."""
    top = max(days, key=lambda day: day.due)
    if not top.due:
        return _("Nothing falls due in the next five working days")
    said = ngettext("%(day)s is tightest: %(n)d case falls due", "%(day)s is tightest: %(n)d cases fall due", top.due) % {
        "day": day_word(top.date, today), "n": top.due
    }  # fmt: skip
    if not top.untaken:
        return said
    return ngettext("%(said)s, %(n)d not taken yet", "%(said)s, %(n)d not taken yet", top.untaken) % {
        "said": said, "n": top.untaken
    }  # fmt: skip


def who_waits(rows: Sequence[Waiting]) -> str:
    """The title of the causes: who has to move, and what holds up most on our side."""
    if not rows:
        return _("Nothing is waiting")
    sides: Counter[str] = Counter()
    for row in rows:
        sides[row.side] += row.count
    parts = {
        Side.US: _("%(n)d wait for us"),
        Side.CUSTOMER: _("%(n)d for the customer"),
        Side.GOVERNMENT: _("%(n)d for the government"),
        Side.THIRD_PARTY: _("%(n)d for a third party"),
    }
    said = _(", ").join(words % {"n": sides[side]} for side, words in parts.items() if sides[side])
    if not said:
        return _("All clocks stand still")
    ours = next((row for row in rows if row.side == Side.US), None)
    return (
        _("%(said)s; on our side mostly: %(cause)s") % {"said": said, "cause": ours.words} if ours else said
    )


def working_days(n: int) -> str:
    """So many working days; a day that is not over yet counts as none."""
    return ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}
