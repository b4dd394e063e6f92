"""Applying online: one thing a page, kept on the server as typed, papers by camera, sent once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.categories import BY_CODE, ROUGH_BY_CODE, called
from applications.forms.apply import PaperForm, SendForm
from applications.forms.steps import checked, conditions, filled, first_gap, form_for, raw, steps_of
from applications.models import Application, Draft
from applications.selectors.promises import promise_of
from applications.selectors.standing import first_contact
from applications.services import drafts
from applications.uploads import examine_all
from applications.views.answers import answer_rows
from applications.views.origin import circumstance_of, me, with_device
from applications.views.papers import Paper, wanted
from staff.access import CUSTOMER, open_to
from workflow.events import Circumstance
from workflow.transitions import Refusal

TITLES = {
    "place": gettext_lazy("Where is the power wanted?"),
    "who": gettext_lazy("Who applies?"),
    "applicant": gettext_lazy("About the applicant"),
    "details": gettext_lazy("What is special about it"),
    "load": gettext_lazy("What for, and how much?"),
    "papers": gettext_lazy("Papers"),
    "check": gettext_lazy("Check and send"),
}
DETAILS = {
    "pv": gettext_lazy("About the solar plant"),
    "charging": gettext_lazy("About the charging point"),
    "temporary": gettext_lazy("For what, and until when?"),
    "account": gettext_lazy("About the supply you have"),
}


def title_of(step: str, category: str) -> Any:
    """A step's heading; the details' one says what they are about."""
    sections = BY_CODE[category].sections
    return DETAILS[sections[0]] if step == "details" and sections else TITLES.get(step, "")


def all_steps(category: str) -> tuple[str, ...]:
    """The pages from the first form to the button."""
    return (*steps_of(category), "papers", "check")


@dataclass(frozen=True, slots=True)
class Applying:
    """Somebody before their draft of a category."""

    request: HttpRequest
    category: str
    draft: Draft | None
    answers: dict[str, Any]

    @property
    def application(self) -> Application | None:
        """The application, once a first paper has begun it."""
        return (
            Application.objects.filter(case=self.draft.case_id).first()
            if self.draft and self.draft.case_id
            else None
        )

    def papers(self) -> list[Paper]:
        """What is wanted for these answers, and what has come."""
        return wanted(self.category, conditions(self.category, self.answers), self.application)

    def how(self) -> Circumstance:
        """The circumstance of what is sent now."""
        behalf = "agent" if self.answers.get("who", {}).get("by_agent") == "yes" else "self"
        return circumstance_of(self.request, behalf=behalf)

    def page(self, template: str, step: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page of the form, with where it stands and the way back."""
        steps = all_steps(self.category)
        place = steps.index(step) if step in steps else -1
        back = (
            reverse("apply_step", args=[self.category, steps[place - 1]])
            if place > 0
            else reverse("apply", args=[self.category])
        )
        shared = {
            "category": self.category, "category_name": called(self.category), "draft": self.draft, "step": step,
            "title": title_of(step, self.category), "position": place + 1, "total": len(steps), "back": back,
        }  # fmt: skip
        return with_device(self.request, render(self.request, template, shared | context, status=status))


def _applying(request: HttpRequest, category: str) -> Applying:
    draft = drafts.open_draft(me(request), category)
    return Applying(request, category, draft, drafts.answers_of(draft))


def _online(category: str) -> bool:
    return category in BY_CODE and promise_of(category, timezone.localdate()) is not None


@require_GET
@open_to(CUSTOMER)
def apply(request: HttpRequest, category: str) -> HttpResponse:
    """The list of steps: what is done, what is next."""
    if category in ROUGH_BY_CODE:
        return redirect("kinds", category)
    if category in BY_CODE and not _online(category):
        return redirect(f"{reverse('self_register')}?category={category}")
    here = _here(request, category)
    forms_ = checked(category, here.answers)
    gap = first_gap(forms_)
    steps = [
        (step, title_of(step, category), step in here.answers and form.is_valid())
        for step, form in forms_.items()
    ]
    return here.page(
        "applications/customer/apply.html",
        "",
        {"steps": steps, "next": gap or "papers", "papers_there": _came(here.papers())},
    )


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def apply_step(request: HttpRequest, category: str, step: str) -> HttpResponse:
    """One step. What was typed is kept on the server whether or not it is right."""
    here = _here(request, category)
    if step == "papers":
        return _papers(here)
    if step == "check":
        return _check(here)
    if step not in steps_of(category):
        raise Http404
    if request.method != "POST":
        return here.page(
            "applications/customer/apply_step.html", step, {"form": form_for(step, category, here.answers)}
        )
    form = form_for(step, category, here.answers, request.POST)
    drafts.keep(me(request), category, step, raw(form, request.POST))
    if not form.is_valid():
        return here.page("applications/customer/apply_step.html", step, {"form": form})
    if request.GET.get("then") == "check":
        return redirect("apply_step", category, "check")
    steps = all_steps(category)
    return redirect("apply_step", category, steps[steps.index(step) + 1])


@require_POST
@open_to(CUSTOMER)
def apply_save(request: HttpRequest, category: str, step: str) -> HttpResponse:
    """Kept while typing; nothing is checked."""
    here = _here(request, category)
    if step not in steps_of(category):
        raise Http404
    drafts.keep(me(request), category, step, raw(form_for(step, category, here.answers), request.POST))
    return HttpResponse(status=204)


@require_POST
@open_to(CUSTOMER)
def apply_discard(request: HttpRequest, category: str) -> HttpResponse:
    """Throw the draft away."""
    _here(request, category)
    drafts.discard(me(request), category)
    return redirect("my")


@require_http_methods(["GET", "POST"])
@open_to(CUSTOMER)
def apply_paper(request: HttpRequest, category: str, item: str) -> HttpResponse:
    """One paper: photos or PDF. Good files stay, each bad one gets its sentence."""
    here = _here(request, category)
    if gap := first_gap(checked(category, here.answers)):
        return redirect("apply_step", category, gap)
    paper = next((p for p in here.papers() if p.code == item), None)
    if paper is None:
        raise Http404
    agreed = bool(here.answers.get(drafts.CONSENT))
    first = {"key": secrets.token_urlsafe(24)}
    if request.method != "POST":
        return _paper_page(here, paper, PaperForm(initial=first, identity=paper.identity, agreed=agreed))
    form = PaperForm(request.POST, request.FILES, identity=paper.identity, agreed=agreed)
    form.is_valid()
    return _take(here, paper, form)


def _take(here: Applying, paper: Paper, form: PaperForm) -> HttpResponse:
    request = here.request
    uploads = [*request.FILES.getlist("sheets"), *request.FILES.getlist("camera")]
    if "consent" in form.fields and not form.cleaned_data.get("consent"):
        form.add_error(
            "consent",
            _("Without your consent we may not store this photo. You can bring the paper to a hall instead."),
        )
        return _paper_page(here, paper, form)
    if not uploads:
        form.add_error("sheets", _("Choose a file or take a photo first."))
        return _paper_page(here, paper, form)
    good, bad = examine_all(uploads)
    if "consent" in form.fields:
        drafts.keep(me(request), here.category, drafts.CONSENT, {"given_at": timezone.now().isoformat()})
    if good:
        try:
            _hand_in(here, paper, form, good)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return _paper_page(here, paper, form, status=refusal.status)
    if bad:
        for name, sentence in bad:
            form.add_error("sheets", f"{name}：{sentence}" if name else sentence)
        fresh = _applying(request, here.category)
        return _paper_page(fresh, next(p for p in fresh.papers() if p.code == paper.code), form)
    return redirect(
        "apply_paper" if request.POST.get("more") else "apply_step",
        here.category,
        paper.code if request.POST.get("more") else "papers",
    )


def _hand_in(here: Applying, paper: Paper, form: PaperForm, good: list[Any]) -> None:
    fresh = _applying(here.request, here.category)
    assert fresh.draft is not None
    user = me(here.request)
    whole = filled(here.category, here.answers, _valid(here), user)
    key = form.cleaned_data.get("key") or secrets.token_urlsafe(24)
    replace = here.request.POST.get("mode") == "replace"
    drafts.hand_in(
        fresh.draft, whole, paper.code, good, by=user, key=key, replace=replace, circumstance=here.how()
    )


def _valid(here: Applying) -> dict[str, forms.Form]:
    forms_ = checked(here.category, here.answers)
    for form in forms_.values():
        form.is_valid()
    return forms_


def _paper_page(here: Applying, paper: Paper, form: PaperForm, status: int = 200) -> HttpResponse:
    context = {
        "paper": paper,
        "form": form,
        "title": paper.item.name,
        "back": reverse("apply_step", args=[here.category, "papers"]),
    }
    return here.page("applications/customer/apply_paper.html", "papers", context, status=status)


def _papers(here: Applying) -> HttpResponse:
    """The list of papers; sending goes on without those that are not at hand."""
    if gap := first_gap(checked(here.category, here.answers)):
        return redirect("apply_step", here.category, gap)
    return here.page("applications/customer/apply_papers.html", "papers", {"papers": here.papers()})


def _check(here: Applying) -> HttpResponse:
    """All answers, the echo question, the button. A second press or the way back lands on the first sending's receipt."""
    request = here.request
    user = me(request)
    if here.draft is None and (sent := drafts.last_sent(user, here.category)) and sent.case:
        return redirect("receipt", _first_key(sent.case))
    if gap := first_gap(checked(here.category, here.answers)):
        return redirect("apply_step", here.category, gap)
    if request.method != "POST":
        return _check_page(here, SendForm(initial={"key": secrets.token_urlsafe(24)}))
    form = SendForm(request.POST)
    if not form.is_valid() or here.draft is None:
        return _check_page(here, form)
    whole = filled(here.category, here.answers, _valid(here), user)
    try:
        application = drafts.send(here.draft, whole, form.echo(), by=user, circumstance=here.how())
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _check_page(here, form, status=refusal.status)
    return redirect("receipt", _first_key(application.case))


def _check_page(here: Applying, form: SendForm, status: int = 200) -> HttpResponse:
    papers = here.papers()
    context = {
        "form": form, "papers": papers, "rows": answer_rows(here.category, here.answers, _valid(here)),
        "missing": [paper for paper in papers if paper.item.mandatory and not paper.there],
    }  # fmt: skip
    return here.page("applications/customer/apply_check.html", "check", context, status=status)


def _first_key(case: Any) -> str:
    contact = first_contact(case)
    assert contact is not None
    return contact.receipt_key


def _came(papers: list[Paper]) -> str:
    return f"{sum(paper.there for paper in papers)} / {len(papers)}"


def _here(request: HttpRequest, category: str) -> Applying:
    if not _online(category):
        raise Http404
    return _applying(request, category)
