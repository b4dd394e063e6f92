"""Administration of channel tokens: issued here, shown once, revoked, never deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import ChannelToken, TokenScope
from applications.services.channel_tokens import issue_token, revoke_token


class TokenForm(forms.ModelForm):
    """Name, channel, what it opens."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"), choices=TokenScope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ChannelToken
        fields = ["name", "channel", "scopes"]


@admin.register(ChannelToken)
class ChannelTokenAdmin(admin.ModelAdmin):
    """Issued once; what a token opens is not changed afterwards, another one is issued instead."""

    form = TokenForm
    list_display = ["name", "channel", "beginning", "created_at", "created_by", "revoked_at"]
    list_filter = ["channel"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list with its action; no single token is edited."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was done with it refers to it."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Issue it; the secret lives as long as this request."""
        said = form.cleaned_data
        token, secret = issue_token(said["name"], said["channel"], said["scopes"], by=request.user)  # type: ignore[arg-type]
        obj.pk, obj.shown_once = token.pk, secret

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The page that shows it, once: neither session nor message keeps it."""
        context = {**self.admin_site.each_context(request), "token": obj, "secret": obj.shown_once}
        answer = TemplateResponse(request, "applications/token_issued.html", context)
        answer["Cache-Control"] = "no-store, private"
        return answer

    @admin.action(description=gettext_lazy("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ChannelToken]) -> None:
        """Shut those chosen."""
        for token in chosen:
            revoke_token(token, by=request.user)  # type: ignore[arg-type]
        self.message_user(request, _("Revoked: what these tokens opened is shut."), messages.SUCCESS)
