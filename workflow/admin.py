"""Administration of rules: what may be edited keeps its history, what is the record is only shown.

Events are not here: their key has two parts, which this administration can't show; the audit pages do.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from workflow.events import name_actor
from workflow.models import (
    Case,
    Channel,
    Clause,
    Contact,
    Deadline,
    Limit,
    PauseReason,
    Profile,
    SeparationRule,
    Task,
)
from workflow.services.limits import add_version, is_newest
from workflow.transitions import actor_name


class ShownOnly(admin.ModelAdmin):
    """Rows that acts alone write. Personal columns are not shown here at all."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Kept(SimpleHistoryAdmin):
    """Rows edited here with their history; never deleted, since what happened refers to them."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """History is read; going back is a new change, made and reasoned like any other."""
        return True

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, with the triggers told who did it."""
        name_actor(actor_name(request.user))  # type: ignore[arg-type]
        super().save_model(request, obj, form, change)


@admin.register(Case)
class CaseAdmin(ShownOnly):
    """Cases, by number."""

    list_display = ["contact_no", "application_no", "stage", "office", "first_contact_at"]
    list_filter = ["stage"]
    search_fields = ["contact_no", "application_no"]
    list_select_related = ["office"]


@admin.register(Task)
class TaskAdmin(ShownOnly):
    """Tasks, open and done."""

    list_display = ["case", "node_code", "round", "office", "outcome", "opened_at", "closed_at"]
    list_filter = ["outcome", "node_code"]
    list_select_related = ["case", "office"]


@admin.register(Deadline)
class DeadlineAdmin(ShownOnly):
    """Clocks and where they stand."""

    list_display = ["case", "limit", "round", "started_at", "due_at", "stopped_at"]
    list_select_related = ["case", "limit"]


@admin.register(Contact)
class ContactAdmin(ShownOnly):
    """Contacts without what people said or who they are."""

    list_display = ["case", "number", "channel", "purpose", "outcome", "recorded_at"]
    list_filter = ["channel", "purpose", "outcome"]
    list_select_related = ["case", "channel"]
    fields = [
        "case",
        "number",
        "channel",
        "purpose",
        "category",
        "papers_left",
        "office",
        "outcome",
        "outcome_at",
        "recorded_at",
    ]


@admin.register(Profile)
class ProfileAdmin(Kept):
    """Words and places of the grid companies; one profile is ours."""

    list_display = ["code", "name_zh", "utility", "region", "is_ours"]


@admin.register(Channel)
class ChannelAdmin(Kept):
    """Ways to reach us."""

    list_display = ["code", "name_zh", "staffed", "catch_all_office", "in_force", "order"]


@admin.register(Clause)
class ClauseAdmin(Kept):
    """Clauses; enter the article number once it was checked against the official text."""

    list_display = ["code", "title_zh", "number", "grade"]
    list_filter = ["grade"]


@admin.register(PauseReason)
class PauseReasonAdmin(Kept):
    """For what a clock may stand still."""

    list_display = ["code", "name_zh", "needs_evidence", "needs_second_person", "in_force", "grade"]


@admin.register(SeparationRule)
class SeparationRuleAdmin(admin.ModelAdmin):
    """Facts that one person may not both record."""

    list_display = ["fact", "other_fact", "conditions", "in_force", "grade"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LimitForm(forms.ModelForm):
    """A limit, or the next version of one."""

    class Meta:
        model = Limit
        fields = [
            "code", "version", "name_zh", "name_en", "kind", "holder", "scope", "stage", "node", "start_kinds", "stop_kinds",
            "stop_each", "per_round", "days", "day_type", "cut_off_at", "conditions", "pause_reasons", "regime", "utility", "region",
            "effective_from", "effective_to", "status", "origin", "clause", "source", "grade",
        ]  # fmt: skip

    def clean_effective_from(self) -> dt.date:
        """A version that began with the one before it would have been in force unseen."""
        day: dt.date = self.cleaned_data["effective_from"]
        before = self.instance.effective_from if self.instance.pk else None
        if before and day <= before:
            raise forms.ValidationError(
                _("Give the day from which the new version applies; it is later than %(day)s.")
                % {"day": before}
            )
        return day


@admin.register(Limit)
class LimitAdmin(Kept):
    """Limits are immutable: saving an edited row adds a version and retires the one before."""

    form = LimitForm
    list_display = [
        "name_zh",
        "kind",
        "regime",
        "days",
        "day_type",
        "conditions",
        "status",
        "version",
        "grade",
    ]
    list_filter = ["status", "kind", "regime", "stage"]
    search_fields = ["name_zh", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What tells one rule from another stays from version to version."""
        return ["code", "version", "regime", "utility", "region", "conditions"] if obj else ["version"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the newest version can be followed by another; earlier ones are shown."""
        return super().has_change_permission(request, obj) and (obj is None or is_newest(obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Add the edited row as the next version."""
        if change:
            add_version(obj, by=request.user, today=timezone.localdate())  # type: ignore[arg-type]
        else:
            super().save_model(request, obj, form, change)
