"""Forms of a project: what is said once for all units, its papers, its sheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.checklists import whole_list
from applications.fields import CreditCodeField, PhoneField
from applications.models import Project, ProjectKind
from applications.services.projects.opening import Applied
from applications.uploads import ACCEPT, Fit, Unfit, examine
from staff.models import Office, User


class ProjectForm(forms.Form):
    """Whoever applies for many says this once."""

    kind = forms.ChoiceField(label=_("What for?"), choices=ProjectKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the project"), max_length=80, help_text=_("As people call it, for example the estate or village."),
    )  # fmt: skip
    organisation = forms.CharField(
        label=_("Who applies"),
        max_length=80,
        help_text=_("The developer, village committee or manager, as on its certificate."),
    )
    credit_code = CreditCodeField(label=_("Unified social credit code"))
    contact_name = forms.CharField(label=_("Contact person"), max_length=40)
    phone = PhoneField(label=_("Their mobile phone"))
    address = forms.CharField(label=_("Address of the project"), max_length=160)
    office = forms.ModelChoiceField(label=_("Office"), queryset=Office.objects.none(), empty_label=None)
    earlier_date = forms.DateField(
        label=_("On which day was power first asked for?"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty if it is today."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office: Any = self.fields["office"]
        office.queryset = offices
        if user.is_customer:
            self.fields["phone"].initial = user.phone
            self.fields["phone"].disabled = True
            self.fields["phone"].help_text = _("The number you signed in with.")

    def clean_earlier_date(self) -> Any:
        """Not ahead."""
        day = self.cleaned_data["earlier_date"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(gettext("This day lies in the future; enter the day it happened."))
        return day

    def applied(self) -> Applied:
        """What the service takes."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "office"}
        return Applied(**data)


class ProjectPaperForm(forms.Form):
    """One paper for all units."""

    item = forms.ChoiceField(label=_("Which paper"))
    file = forms.FileField(
        label=_("Photo or PDF"), help_text=_("Up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose it again or take the photo again.")},
    )  # fmt: skip

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.fields["item"]
        item.choices = paper_choices(project)

    def clean_file(self) -> Fit:
        """Something that can be opened."""
        try:
            return examine(self.cleaned_data["file"])
        except Unfit as unfit:
            raise forms.ValidationError(unfit.sentence) from unfit


def paper_choices(project: Project) -> list[tuple[str, str]]:
    """The papers the units' category may ask for."""
    return [(item.code, item.name) for item in whole_list(project.category, timezone.localdate())]


class SheetForm(forms.Form):
    """A sheet to be read."""

    sheet = forms.FileField(
        label=_("Filled-in sheet (XLSX)"), help_text=_("XLSX or CSV, at most 8 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose the sheet you filled in."), "empty": _("This file is empty. Choose it again.")},
    )  # fmt: skip
