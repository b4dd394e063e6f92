"""What may be typed: is it well shaped? Nothing here saves."""

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.models import Competence, Office
from staff.phones import normalised
from staff.policies import Role


class DayInput(forms.DateInput):
    """A day from the browser's own picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, with a sentence for what is none."""

    widget = DayInput

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
            error_messages={
                "invalid": gettext_lazy("This is no day. Write it like 2026-11-24."),
                "required": gettext_lazy("Please choose a day."),
            },
            **kwargs,
        )


class PhoneForm(forms.Form):
    """A mobile number to send a code to."""

    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Please enter your mobile number.")},
    )

    def clean_phone(self) -> str:
        phone = normalised(self.cleaned_data["phone"])
        if phone is None:
            raise forms.ValidationError(
                _("A mobile number has 11 digits and begins with 1. Please check it.")
            )
        return phone


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=gettext_lazy("Code from the message"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Please enter the 6 digits of the message.")},
    )

    def clean_code(self) -> str:
        digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise forms.ValidationError(_("The code has exactly 6 digits. Please check it."))
        return digits


class OfficerForm(forms.Form):
    """An officer's name and password; the password is taken as typed."""

    username = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Please enter your sign-in name.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Please enter your password.")},
    )


class PasswordForm(PasswordChangeForm):
    """Another password for oneself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _(
            "At least 8 characters. A whole sentence is easiest to keep."
        )
        self.fields["new_password2"].help_text = ""


class CertificateForm(forms.Form):
    """A certificate to enter for a person."""

    competence = forms.ModelChoiceField(
        label=gettext_lazy("Competence"),
        queryset=Competence.objects.all(),
        empty_label=gettext_lazy("Please choose"),
        error_messages={
            "required": gettext_lazy("Please choose what the certificate attests."),
            "invalid_choice": gettext_lazy("Please choose one of the list."),
        },
    )
    number = forms.CharField(
        label=gettext_lazy("Certificate number"),
        help_text=gettext_lazy("As printed on the certificate."),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Please enter the number printed on the certificate."),
            "max_length": gettext_lazy("A certificate number has at most 40 characters."),
        },
    )
    issued_date = DayField(gettext_lazy("Issued on"))
    valid_until = DayField(gettext_lazy("Valid until"))

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        issued, until = data.get("issued_date"), data.get("valid_until")
        if issued and until and until < issued:
            self.add_error("valid_until", _("It would end before it was issued. Please check both dates."))
        return data


class RevokeForm(forms.Form):
    """Why a certificate is revoked."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for revoking"),
        help_text=gettext_lazy("The holder reads this sentence."),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Please say why it is revoked: the holder will read it."),
            "max_length": gettext_lazy("Please keep the reason within 200 characters."),
        },
    )


class AbsenceForm(forms.Form):
    """The first and the last day of an absence."""

    from_date = DayField(gettext_lazy("First day away"))
    to_date = DayField(gettext_lazy("Last day away"))

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        first, last = data.get("from_date"), data.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", _("The absence would end before it begins. Please check both dates."))
        return data


class PostForm(forms.Form):
    """A post to open for a person."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"),
        queryset=Office.objects.all(),
        empty_label=gettext_lazy("Please choose"),
        error_messages={
            "required": gettext_lazy("Please choose an office."),
            "invalid_choice": gettext_lazy("Please choose one of the list."),
        },
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[("", gettext_lazy("Please choose")), *Role.choices],
        error_messages={
            "required": gettext_lazy("Please choose a role."),
            "invalid_choice": gettext_lazy("Please choose one of the list."),
        },
    )
    from_date = DayField(gettext_lazy("First day"))
    to_date = DayField(
        gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: until the post is ended.")
    )

    def __init__(self, *args: Any, offices: list[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offices is not None:
            self.fields["office"].queryset = Office.objects.filter(pk__in=offices)  # type: ignore[attr-defined]


class ClosePostForm(forms.Form):
    """A post's last day."""

    to_date = DayField(gettext_lazy("Last day of the post"))


class PeopleFilter(forms.Form):
    """What to show of the register."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"),
        queryset=Office.objects.none(),
        required=False,
        empty_label=gettext_lazy("All offices"),
        widget=forms.Select(attrs={"class": "input"}),
    )
    only = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
        choices=[
            ("", gettext_lazy("Everybody")),
            ("due", gettext_lazy("Expired or expiring within 60 days")),
            ("away", gettext_lazy("Away today")),
        ],
    )

    def __init__(self, *args: Any, offices: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=offices)  # type: ignore[attr-defined]


def add_refusal(form: forms.Form, sentence: str, field: str | None) -> None:
    """Show a service's refusal where it belongs."""
    form.add_error(field if field in form.fields else None, sentence)
