"""Forms of papers: one looked at, a whole page of ticks, the request for what is missing, a paper that comes in at the counter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm
from applications.forms.fields import PersonField
from applications.models import Document, DocumentStatus, PaperFault
from applications.selectors.facts import officers_near
from applications.selectors.paper_desk import PaperLine, paper_lines
from applications.services.checking import Tick
from applications.services.papers import APPROVERS, Request

ACCEPTED, RETURNED = DocumentStatus.ACCEPTED, DocumentStatus.RETURNED
WORDS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One paper on the page: what is known of it, and its three fields."""

    line: PaperLine
    look: BoundField
    fault: BoundField
    words: BoundField


class RequestDocumentsForm(ActForm):
    """一次性告知: tick everything that is missing or not in order, each with its own reason. A further request needs a supervisor."""

    note = forms.CharField(
        label=_("For all papers together"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The customer should come back only once: name everything now."),
    )  # fmt: skip
    again_because = forms.CharField(
        label=_("Why papers are asked for once more"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    approved_by = PersonField(
        _("Supervisor who lets it pass"), required=False, help_text=_("They confirm below.")
    )
    approver_password = forms.CharField(
        label=_("The supervisor's own password"), required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def prepare(self) -> None:
        """A tick, a fault and words for each paper of the list; the supervisor's fields where papers were asked for before."""
        del self.fields["occurred_at"]
        self.lines = paper_lines(self.application)
        self.faults = list(PaperFault.objects.filter(in_force=True))
        self.earlier = self.application.document_requests.count()
        for line in self.lines:
            self._row(line)
        self._again()

    def _row(self, line: PaperLine) -> None:
        code, faults = line.code, [fault for fault in self.faults if fault.missing != line.here]
        looks = [(RETURNED.value, _("supply again") if line.here else _("ask for it"))]
        if line.here:
            looks.insert(0, (ACCEPTED.value, _("in order")))
        self.fields[f"look_{code}"] = forms.ChoiceField(
            label=line.name, choices=[("", _("not looked at") if line.here else _("not now")), *looks], required=False,
            widget=forms.RadioSelect, initial=line.status if line.here and line.status != DocumentStatus.RECEIVED else "",
        )  # fmt: skip
        self.fields[f"fault_{code}"] = forms.ChoiceField(
            label=_("What is wrong with it"), required=False, initial=line.fault or ("" if line.here else _first(faults)),
            choices=[("", "—"), *((fault.code, fault.name) for fault in faults)],
        )  # fmt: skip
        self.fields[f"words_{code}"] = forms.CharField(
            label=_("In your own words"), max_length=WORDS, required=False, initial=line.words,
        )  # fmt: skip

    def _again(self) -> None:
        """Whether a supervisor presses it themself is found out by the service; here they may stay empty."""
        if not self.earlier:
            del self.fields["again_because"], self.fields["approved_by"], self.fields["approver_password"]
            return
        near = officers_near(self.application.case.office, APPROVERS)
        self.fields["approved_by"].queryset = near.exclude(pk=self.user.pk)  # type: ignore[attr-defined]
        self.order_fields([*(name for name in self.fields if "_" in name and "approve" not in name), "note"])

    def rows(self) -> Iterator[Row]:
        """The papers with their fields, for the page."""
        for line in self.lines:
            yield Row(line, self[f"look_{line.code}"], self[f"fault_{line.code}"], self[f"words_{line.code}"])

    def look(self, data: dict[str, Any]) -> None:
        """What is to be supplied again says why; the service takes papers with words, and faults."""
        items: dict[str, str] = {}
        faults: dict[str, str] = {}
        own_words = {fault.code for fault in self.faults if fault.own_words}
        for line in self.lines:
            look = data.pop(f"look_{line.code}", "")
            fault, words = data.pop(f"fault_{line.code}", ""), data.pop(f"words_{line.code}", "").strip()
            if look != RETURNED:
                continue
            if not (fault or words):
                self.add_error(
                    f"fault_{line.code}", gettext("Choose what is wrong, or write it in your own words.")
                )
            elif fault in own_words and not words:
                self.add_error(f"words_{line.code}", gettext("Write what is wrong and how to put it right."))
            items[line.code] = words
            if fault:
                faults[line.code] = fault
        self.asked(data, items, faults)

    def asked(self, data: dict[str, Any], items: dict[str, str], faults: dict[str, str]) -> None:
        """Nothing ticked is nothing to send."""
        if not items:
            self.add_error(None, gettext("Tick at least one paper that is missing or not in order."))
        data |= {"items": items, "faults": faults}
        if data.get("approved_by") and not data.get("approver_password"):
            self.add_error(
                "approver_password",
                gettext("The supervisor who lets it pass enters their own password here."),
            )


class PapersForm(RequestDocumentsForm):
    """The papers page: the same ticks, kept without sending anything, or kept and sent."""

    def __init__(self, *args: Any, sending: bool = False, **kwargs: Any) -> None:
        self.sending = sending
        super().__init__(*args, **kwargs)

    def asked(self, data: dict[str, Any], items: dict[str, str], faults: dict[str, str]) -> None:
        """Ticks may be kept without a request."""
        if self.sending:
            super().asked(data, items, faults)
        else:
            data |= {"items": items, "faults": faults}

    def ticks(self) -> list[Tick]:
        """Every file of every paper that was looked at."""
        found: list[Tick] = []
        for line in self.lines:
            look = self[f"look_{line.code}"].value() or ""
            if look not in (ACCEPTED, RETURNED):
                continue
            fault, words = (
                self.cleaned_data["faults"].get(line.code, ""),
                self.cleaned_data["items"].get(line.code, ""),
            )
            found += [Tick(file, look, *((fault, words) if look == RETURNED else ())) for file in line.files]
        return found

    def request(self) -> Request | None:
        """What is to be sent."""
        if not self.sending:
            return None
        data = self.cleaned_data
        return Request(
            data["items"], data["faults"], data.get("note", ""), data.get("again_because", ""), data.get("approved_by")
        )  # fmt: skip


class ReviewDocumentForm(ActForm):
    """One paper: in order, or to be supplied again with the reason."""

    document = forms.ModelChoiceField(label=_("Paper"), queryset=Document.objects.none(), empty_label=None)
    verdict = forms.ChoiceField(
        label=_("How it was found"), choices=[(ACCEPTED.value, _("in order")), (RETURNED.value, _("supply again"))], widget=forms.RadioSelect
    )  # fmt: skip
    fault = forms.ChoiceField(label=_("What is wrong with it"), required=False)
    words = forms.CharField(label=_("In your own words"), max_length=WORDS, required=False)

    def prepare(self) -> None:
        """Papers that stand, and the library."""
        fields: Mapping[str, Any] = self.fields
        fields["document"].queryset = self.application.documents.filter(replaced=False)
        faults = PaperFault.objects.filter(in_force=True, missing=False)
        fields["fault"].choices = [("", "—"), *((fault.code, fault.name) for fault in faults)]

    def look(self, data: dict[str, Any]) -> None:
        """What is sent back says why."""
        if data.get("verdict") == RETURNED and not (data.get("fault") or data.get("words")):
            self.add_error("fault", gettext("Choose what is wrong, or write it in your own words."))


def _first(faults: list[PaperFault]) -> str:
    return faults[0].code if faults else ""
