"""An address that other systems are told at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import ChannelToken, TokenScope
from applications.services.webhook_sending import why_not_there
from applications.services.webhooks import KINDS
from workflow import actions

USUAL = (
    "application.accepted",
    "survey.recorded",
    "scheme.replied",
    "inspection.recorded",
    "source.energised",
    "case.archived",
)


class WebhookForm(forms.Form):
    """Whose, where, of what."""

    token = forms.ModelChoiceField(
        label=_("Channel token"), queryset=ChannelToken.objects.none(), empty_label=None,
        help_text=_("It has to cover node times; its channel decides whose cases are told of."),
        error_messages={"required": _("Issue a token that covers node times first.")},
    )  # fmt: skip
    url = forms.CharField(
        label=_("Address"), max_length=300, help_text=_("https; inner hosts are listed by the operator."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )  # fmt: skip
    system = forms.CharField(
        label=_("Its name in external numbers"), max_length=40, required=False,
        help_text=_("Its own numbers of a case are then sent along."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Told of"), widget=forms.CheckboxSelectMultiple, initial=USUAL,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tokens: Any = self.fields["token"]
        tokens.queryset = ChannelToken.objects.filter(
            revoked_at=None, scopes__contains=[TokenScope.NODE_TIMES]
        ).order_by("name")
        kinds: Any = self.fields["kinds"]
        kinds.choices = kind_labels().items()

    def clean_url(self) -> str:
        """An address something may be sent to."""
        url: str = self.cleaned_data["url"].strip()
        if sentence := why_not_there(url):
            raise forms.ValidationError(sentence)
        return url


def kind_labels() -> dict[str, str]:
    """What an event is called: as the act that makes it, in the order acts come on a case."""
    found = {action.event: str(action.label) for action in actions.all_actions() if action.event in KINDS}
    return found | {kind: kind for kind in sorted(KINDS - found.keys())}
