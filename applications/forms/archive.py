"""Form of archiving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm
from applications.models import ArchiveRecord
from applications.selectors.facts import archive_items


class ArchiveForm(ActForm, forms.ModelForm):
    """归档: what is in the file, ticked piece by piece."""

    present = forms.MultipleChoiceField(
        label=_("In the file"), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = ArchiveRecord
        fields = ("number", "location", "present", "reason")
        help_texts = {
            "location": _("Room, cabinet, box; or the name of the electronic archive."),
            "reason": _("Only if something is not ticked."),
        }
        error_messages = {
            "number": {
                "required": _("Enter the archive number."),
                "unique": _("This archive number is taken; each file has its own."),
            },
            "location": {"required": _("Write where the file lies, so that it is found again.")},
        }

    @cached_property
    def items(self) -> dict[str, str]:
        """What belongs into this case's file."""
        return archive_items(self.application)

    def first_values(self) -> Mapping[str, Any]:
        """A number that can't be taken."""
        return {"number": f"DA-{self.application.case.application_no}"}

    def prepare(self) -> None:
        """The pieces of this case."""
        field: Any = self.fields["present"]
        field.choices = list(self.items.items())

    def look(self, data: dict[str, Any]) -> None:
        """What is missing is missing for a reason."""
        missing = [code for code in self.items if code not in data.get("present", ())]
        data["missing"] = missing
        if missing and not data.get("reason"):
            names = gettext(", ").join(self.items[code] for code in missing[:5])
            sentence = gettext("Not ticked: %(names)s. Tick what is in the file, or write why it is missing.")
            self.add_error("reason", sentence % {"names": names})
