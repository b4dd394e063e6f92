"""The visitor's whole business on one page: who, where, what, the papers on the counter, and whether it is accepted now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.categories import EITHER, ORGANISATION
from applications.checklists import checklist, told_by
from applications.forms.counter import CounterApplicationForm
from applications.models import ChecklistItem
from applications.services.counter import InHand
from applications.uploads import Fit, examine_all

ACCEPT, SUBMIT = "accept", "submit"
FILES = "file-"


class VisitForm(CounterApplicationForm):
    """The counter's application with the papers in hand. A paper with a file or a tick is here; what may come later is named for them."""

    case = forms.UUIDField(required=False, widget=forms.HiddenInput)
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers on the counter"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick what is here. Photographs and scans can be added at once or on the papers' page."),
    )  # fmt: skip
    finish = forms.ChoiceField(
        label=gettext_lazy("And now"), initial=ACCEPT, widget=forms.RadioSelect,
        choices=[(ACCEPT, gettext_lazy("Accept: the papers are in order")), (SUBMIT, gettext_lazy("Send in only; papers are checked later"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = checklist(self.chosen.code, self._answers(), timezone.localdate())
        self.items: tuple[ChecklistItem, ...] = asked.items if asked else ()
        self.fields["phone"].widget.attrs["autofocus"] = True
        papers: Any = self.fields["papers"]
        papers.choices = [
            (
                item.code,
                item.name if item.mandatory else _("%(paper)s (if there is one)") % {"paper": item.name},
            )
            for item in self.items
        ]
        self.fields["case"].initial = self.initial.get("case", "")
        last = ["papers", "echo_date", "finish"]
        first = ["category", "kind", "phone", "name", "id_number", "address"]
        self.order_fields([*first, *(name for name in self.fields if name not in {*first, *last}), *last])

    def _answers(self) -> dict[str, Any]:
        """What is known so far of what the list depends on."""
        title, kind = self["title_kind"].value(), self.chosen.applicant
        if kind == EITHER:
            kind = self["kind"].value() or "person"
        own: dict[str, Any] = {
            name: self[name].value()
            for name in ("roof", "space", "estate_consent", "purpose")
            if name in self.fields
        }
        return {
            "owner_is_applicant": title != "lease", "title_proof": "none" if title == "village" else "yes", "by_agent": False,
            "organisation": "company" if kind == ORGANISATION else "self_employed", **told_by(own),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Accepted is only what has its papers, but for those the list lets come later."""
        data = super().clean() or {}
        here = self.here(data)
        missing = [item for item in self.items if item.mandatory and item.code not in here]
        self.later = [item.code for item in missing if item.may_defer]
        lacking = [item.name for item in missing if not item.may_defer]
        if data.get("finish") == ACCEPT and lacking:
            sentence = _(
                "Not here: %(papers)s. Tick it when it lies before you, or send in only and ask for what is missing at once."
            )
            self.add_error("papers", sentence % {"papers": "、".join(lacking)})
        self.scans: dict[str, list[Fit]] = {}
        for item in self.items:
            self.scans[item.code], bad = examine_all(self._uploads(item.code))
            for name, sentence in bad:
                self.add_error("papers", f"{name}：{sentence}" if name else sentence)
        return data

    def _uploads(self, code: str) -> list[Any]:
        files: Any = self.files
        return list(files.getlist(f"{FILES}{code}")) if hasattr(files, "getlist") else []

    def here(self, data: dict[str, Any]) -> set[str]:
        """Papers ticked, and papers that came as a file."""
        with_file = (
            {name.removeprefix(FILES) for name in self.files if name.startswith(FILES)}
            if self.files
            else set()
        )
        return {*data.get("papers", ()), *with_file}

    def in_hand(self) -> InHand:
        """What lies on the counter."""
        here = self.here(self.cleaned_data)
        papers = {item.code: self.scans.get(item.code, []) for item in self.items if item.code in here}
        return InHand(papers, self.later if self.accepting else ())

    @property
    def accepting(self) -> bool:
        """Whether it is to be accepted with the same press."""
        return bool(self.cleaned_data["finish"] == ACCEPT)


def _called(item: ChecklistItem) -> str:
    return item.name if item.mandatory else _("%(paper)s (if there is one)") % {"paper": item.name}
