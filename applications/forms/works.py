"""Forms of works supervision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, fill_papers, fill_people, not_in_the_future
from applications.forms.fields import LinesField, PapersField, PeopleField, yes_no
from applications.models import CompletionNotice, DesignSubmission, MidInspection, MidInspectionRequest
from applications.models.works import MAX_OPINION
from applications.selectors.facts import latest_completion

LICENCE_HELP = _("As printed on the certificate; letters, digits and hyphens.")
ITEM = 120


class LicenceField(forms.RegexField):
    """Number of a firm's licence or qualification."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            r"^[0-9A-Za-z\u4e00-\u9fff（）()〔〕\-–/ ]{4,40}$", label=label, help_text=LICENCE_HELP, max_length=40,
            error_messages={
                "required": _("Enter the number of the licence; works by a firm without one can't be supervised."),
                "invalid": _("A licence number has 4 to 40 letters, digits and hyphens; compare it with the certificate."),
            },
        )  # fmt: skip


class DesignForm(ActForm, forms.ModelForm):
    """设计文件报审."""

    licence_no = LicenceField(_("Qualification certificate number"))
    papers = PapersField(_("Design papers"))

    class Meta:
        model = DesignSubmission
        fields = ("designer", "licence_no", "papers")
        help_texts = {"designer": _("Your own choice; nobody may prescribe it.")}
        error_messages = {"designer": {"required": _("Enter the name of the design firm.")}}

    def prepare(self) -> None:
        """Papers of the case."""
        fill_papers(self, "papers")


class ReviewForm(ActForm):
    """设计文件审查, passed."""

    opinions = LinesField(
        label=_("Opinions to be heeded"),
        longest=MAX_OPINION,
        required=False,
        help_text=_("One a line; they are numbered."),
    )


class ReturnDesignForm(ActForm):
    """设计文件审查, not passed."""

    opinions = LinesField(
        label=_("Opinions"), longest=MAX_OPINION, help_text=_("All at once, one a line; they are numbered."),
        error_messages={"required": _("Write what has to be changed, one opinion a line.")},
    )  # fmt: skip


class MidRequestForm(ActForm, forms.ModelForm):
    """中间检查申请."""

    class Meta:
        model = MidInspectionRequest
        fields = ("parts", "ready_date")
        help_texts = {"parts": _("For example earthing grid, cable trench, embedded parts.")}
        error_messages = {
            "parts": {"required": _("Write which works are to be inspected before they are covered.")}
        }


class MidInspectionForm(ActForm, forms.ModelForm):
    """中间检查."""

    passed = yes_no(_("In order?"))
    inspectors = PeopleField(_("Inspectors on site"))
    items = LinesField(
        label=_("Items checked"), longest=ITEM, help_text=_("One a line."),
        error_messages={"required": _("Write what was checked, one item a line.")},
    )  # fmt: skip
    opinions = LinesField(
        label=_("Opinions"),
        longest=MAX_OPINION,
        required=False,
        help_text=_("One a line; they are numbered."),
    )

    class Meta:
        model = MidInspection
        fields = ("passed", "inspectors", "items", "opinions")

    def prepare(self) -> None:
        """Colleagues."""
        fill_people(self, "inspectors")

    def look(self, data: dict[str, Any]) -> None:
        """Not in order without an opinion helps nobody."""
        if data.get("passed") is False and not data.get("opinions"):
            self.add_error("opinions", gettext("Write what is not in order, one opinion a line."))


class CompletionForm(ActForm, forms.ModelForm):
    """竣工报验."""

    licence_no = LicenceField(_("Licence number of the construction firm"))
    papers = PapersField(_("Completion papers"))

    class Meta:
        model = CompletionNotice
        fields = ("constructor", "licence_no", "finished_date", "papers")
        help_texts = {"constructor": _("Your own choice; nobody may prescribe it.")}
        error_messages = {"constructor": {"required": _("Enter the name of the construction firm.")}}

    def prepare(self) -> None:
        """Papers of the case."""
        fill_papers(self, "papers")

    def look(self, data: dict[str, Any]) -> None:
        """What is finished was finished by today."""
        not_in_the_future(self, data, ["finished_date"])


class ReinspectionForm(CompletionForm):
    """After rectification: the firm is known, what was mended is new."""

    mended = forms.CharField(
        label=_("What was mended"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("By the numbers of the rectification notice."),
        error_messages={"required": _("Write what was mended, by the numbers of the rectification notice.")},
    )

    class Meta:
        model = CompletionNotice
        fields = ("mended", "constructor", "licence_no", "finished_date", "papers")
        help_texts = CompletionForm.Meta.help_texts
        error_messages = CompletionForm.Meta.error_messages

    def first_values(self) -> Mapping[str, Any]:
        """The firm of the round before."""
        last = latest_completion(self.application)
        return {"constructor": last.constructor, "licence_no": last.licence_no} if last else {}
