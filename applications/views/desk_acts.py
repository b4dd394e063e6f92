"""What is done from the list: views kept under a name, several cases at once with a result for each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, SavedView
from applications.selectors.desk import chosen
from applications.selectors.desk_filters import Filters
from applications.views.desk_rows import Row, row_of
from staff.access import OFFICER, open_to, reader
from staff.policies import Authority
from workflow.models import Case, Task
from workflow.selectors.rules import rules
from workflow.services.tasks import take
from workflow.transitions import Refusal, Repeated

AT_ONCE = 40
"""As many as a page of the list."""
MOST_VIEWS = 12


@dataclass(frozen=True, slots=True)
class Result:
    """One case of those ticked: its line and what came of it."""

    row: Row
    done: str = ""
    why_not: str = ""


@require_POST
@open_to(OFFICER)
def desk_view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name; the same name again keeps the new ones."""
    me, filters = reader(request), Filters.of(request.POST)
    name = " ".join(request.POST.get("name", "").split())[:30]
    if not name:
        messages.error(request, _("Give the view a name, for example: PV this week."))
    elif SavedView.objects.filter(user=me.user).exclude(name=name).count() >= MOST_VIEWS:
        messages.error(
            request, _("There are %(n)d saved views already; remove one first.") % {"n": MOST_VIEWS}
        )
    else:
        SavedView.objects.update_or_create(user=me.user, name=name, defaults={"filters": filters.kept})
        messages.success(request, _("Saved view: %(name)s.") % {"name": name})
    return redirect(f"{reverse('desk')}?{filters.query()}")


@require_POST
@open_to(OFFICER)
def desk_view_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view; no case is touched by it."""
    view = get_object_or_404(SavedView, user=reader(request).user, pk=pk)
    view.delete()
    messages.success(request, _("View removed: %(name)s.") % {"name": view.name})
    return redirect("desk")


@require_POST
@open_to(OFFICER)
def desk_bulk(request: HttpRequest) -> HttpResponse:
    """Take the work of the ticked cases, print them as a list, or go on to put them into other hands."""
    me, ids = reader(request), _ticked(request.POST.getlist("case"))
    if not ids:
        messages.error(request, _("Tick at least one case first (X ticks the row you are on)."))
        return redirect(_back(request))
    wanted = request.POST.get("do", "")
    if wanted == "hand_over":
        return redirect(f"{reverse('hand_over')}?{urlencode([('case', pk) for pk in ids])}")
    if wanted == "print":
        return redirect(f"{reverse('desk_print')}?{urlencode([('case', pk) for pk in ids])}")
    cases, key = chosen(me, ids), request.POST.get("key", "")[:32] or uuid.uuid4().hex
    results = [_taken(case, me, key) for case in cases]
    done = sum(1 for result in results if result.done)
    context = {
        "results": results,
        "done": done,
        "left": len(results) - done,
        "gone": len(ids) - len(cases),
        "back": _back(request),
    }
    return render(
        request, "applications/desk_result.html", context, status=200 if done or not results else 409
    )


@require_safe
@open_to(OFFICER)
def desk_print(request: HttpRequest) -> HttpResponse:
    """The ticked cases as a list on paper: number, who, where, what is next, until when, a line to write on."""
    me = reader(request)
    cases = chosen(me, _ticked(request.GET.getlist("case")))
    context = {"rows": [row_of(case, rules(), me) for case in cases], "now": timezone.now(), "me": me}
    return render(request, "applications/desk_print.html", context)


def _taken(case: Case, me: Authority, key: str) -> Result:
    """Take the first task of the case that is for this reader and in nobody's hands."""
    tasks: list[Task] = [t for t in case.open_tasks if t.doer == "officer"]  # type: ignore[attr-defined]
    task = next((t for t in tasks if not t.held), tasks[0] if tasks else None)  # type: ignore[attr-defined]
    application = Application.objects.select_related("case__office").filter(case=case).first()
    if task is None or application is None:
        return Result(row_of(case, rules(), me), why_not=_("Nothing on this case is for us to take now."))
    try:
        take(application, task, by=me.user, version=task.version, key=f"{key}:{task.pk.hex}")
    except Repeated:
        done, why_not = _("This was done already; nothing was done twice."), ""
    except Refusal as refusal:
        done, why_not = "", refusal.sentence
    else:
        done, why_not = _("Taken: %(task)s.") % {"task": task.node.name}, ""
    return Result(row_of(case, rules(), me), done, why_not)


def _ticked(said: list[str]) -> list[uuid.UUID]:
    """The ids among what was sent, each once."""
    found: dict[uuid.UUID, None] = {}
    for text in said[:AT_ONCE]:
        try:
            found[uuid.UUID(text)] = None
        except ValueError:
            continue
    return list(found)


def _back(request: HttpRequest) -> str:
    """The list it was sent from."""
    return f"{reverse('desk')}?{Filters.of(request.POST).query()}"
