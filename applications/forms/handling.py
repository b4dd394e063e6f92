"""Forms of the handling: take, assign, pause, resume, correct."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm
from applications.forms.fields import PersonField
from applications.models import Document
from applications.selectors.facts import officers_near, paper_names
from staff.selectors import qualified
from workflow.models import Deadline, Event, Pause, PauseReason, Task


class TaskField(forms.ModelChoiceField):
    """An open task of the case, called by its node."""

    def label_from_instance(self, obj: Any) -> str:
        """The node's name."""
        return str(obj.node.name)


class PaperField(forms.ModelChoiceField):
    """A paper on the case, called as the checklist calls it."""

    names: dict[str, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        """The checklist's name, and the version."""
        return f"{self.names.get(obj.item_code, obj.item_code)} v{obj.version}"


def _open_tasks(form: ActForm) -> Any:
    return (
        form.application.case.tasks.filter(outcome="", doer="officer")
        .select_related("node", "office")
        .order_by("opened_number")
    )


def _offer_papers(form: ActForm) -> None:
    field: Any = form.fields["paper"]
    field.queryset, field.names = (
        form.application.documents.filter(replaced=False),
        paper_names(form.application),
    )


def _offer_approvers(form: ActForm) -> None:
    field: Any = form.fields["approved_by"]
    field.queryset = officers_near(form.application.case.office, {"supervisor", "approver"}).exclude(
        pk=form.user.pk
    )


class TakeForm(ActForm):
    """Take a task nobody holds."""

    task = TaskField(label=_("Task"), queryset=Task.objects.none())

    def prepare(self) -> None:
        """Tasks not taken."""
        del self.fields["occurred_at"]
        tasks = _open_tasks(self).filter(taken_at=None)
        self.fields["task"].queryset = tasks  # type: ignore[attr-defined]
        self.initial.setdefault("task", tasks.first())


class AssignForm(ActForm):
    """Put a task into somebody's hands."""

    task = TaskField(label=_("Task"), queryset=Task.objects.none())
    to = PersonField(_("To whom"), help_text=_("Who holds the certificate stands on the case page."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Needed when somebody holds it already."),
    )

    def prepare(self) -> None:
        """People who are certified for the case's open tasks, in the whole county."""
        del self.fields["occurred_at"]
        tasks = list(_open_tasks(self))
        self.fields["task"].queryset = _open_tasks(self)  # type: ignore[attr-defined]
        self.initial.setdefault("task", tasks[0] if tasks else None)
        office = self.application.case.office.parent or self.application.case.office
        people = {
            u.pk
            for t in tasks
            for u in qualified(t.competence, office, timezone.localdate(), role=t.role or None)
        }
        field: Any = self.fields["to"]
        field.queryset = officers_near(self.application.case.office).filter(pk__in=people)


class SecondPersonForm(ActForm):
    """A paper that shows it, and a second person who confirms here with their own password."""

    paper = PaperField(label=_("Paper that shows it"), queryset=Document.objects.none(), required=False,
                       help_text=_("Upload it under the case's papers first."))  # fmt: skip
    approved_by = PersonField(_("Second person"), required=False)
    approver_password = forms.CharField(
        label=_("Their password"),
        max_length=256,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def prepare(self) -> None:
        """Papers on the case; supervisors and approvers near."""
        del self.fields["occurred_at"]
        _offer_papers(self)
        _offer_approvers(self)

    def look(self, data: dict[str, Any]) -> None:
        """Whoever approves confirms."""
        if data.get("approved_by") and not data.get("approver_password"):
            self.add_error("approver_password", _("The person who approves enters their own password here."))


class PauseForm(SecondPersonForm):
    """计时中止: only listed reasons, with what the reason asks for."""

    reason = forms.ModelChoiceField(
        label=_("Reason"), queryset=PauseReason.objects.filter(in_force=True), widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def prepare(self) -> None:
        """The reason comes first."""
        super().prepare()
        self.order_fields(["reason", "note"])

    def look(self, data: dict[str, Any]) -> None:
        """What the chosen reason asks for is there."""
        super().look(data)
        reason = data.get("reason")
        if reason is None:
            return
        if reason.needs_evidence and not data.get("paper"):
            self.add_error("paper", _("This reason needs evidence: choose the paper that shows it."))
        if reason.needs_second_person and not data.get("approved_by"):
            self.add_error("approved_by", _("This reason needs a second person."))
        data["reason"] = reason.pk


class ResumeForm(ActForm):
    """恢复计时."""

    reason = forms.ChoiceField(label=_("Which pause ends"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def prepare(self) -> None:
        """The pauses that run."""
        del self.fields["occurred_at"]
        running = Pause.objects.filter(case=self.application.case, ended_at=None).select_related("reason")
        field: Any = self.fields["reason"]
        field.choices = [(pause.reason_id, pause.reason.name) for pause in running]
        if field.choices:
            self.initial.setdefault("reason", field.choices[0][0])


class CorrectForm(SecondPersonForm):
    """A claimed time that is wrong: the entry stays, the correction stands beside it."""

    of_number = forms.TypedChoiceField(label=_("Which entry"), coerce=int)
    value = forms.DateTimeField(
        label=_("When it really happened"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=_("Why the entry is wrong"), max_length=200)

    def prepare(self) -> None:
        """Entries in which somebody stated a time."""
        super().prepare()
        events = Event.objects.filter(
            stream=self.application.case.stream, occurred_at__isnull=False
        ).order_by("-number")
        field: Any = self.fields["of_number"]
        field.choices = [
            (e.number, f"#{e.number} {timezone.localtime(e.occurred_at):%Y-%m-%d %H:%M}")
            for e in events
            if e.occurred_at
        ]
        self.order_fields(["of_number", "value", "reason", "paper", "approved_by", "approver_password"])


class ClockField(forms.ModelChoiceField):
    """A clock of the case, called by its limit and kind."""

    def label_from_instance(self, obj: Any) -> str:
        """Kind, name, and until when."""
        until = f" {timezone.localtime(obj.due_at):%Y-%m-%d %H:%M}" if obj.due_at else ""
        return f"{obj.limit.get_kind_display()}・{obj.limit.name}{until}"


class AskExtensionForm(ActForm):
    """More time on one clock: the customer reads the reason and answers on their own page."""

    deadline = ClockField(label=_("Which clock"), queryset=Deadline.objects.none())
    days = forms.IntegerField(label=_("How many more working days"), min_value=1, max_value=60)
    reason = forms.CharField(label=_("Reason, as the customer reads it"), max_length=300)
    appointment = forms.BooleanField(
        label=_("The customer chose a date beyond the limit"),
        required=False,
        help_text=_("Counts only if a slot inside the limit was offered; enter that slot."),
    )
    slot = forms.DateTimeField(
        label=_("Slot offered inside the limit"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def prepare(self) -> None:
        """Running clocks of law and promise that have a due time."""
        del self.fields["occurred_at"]
        clock: Any = self.fields["deadline"]
        clock.queryset = (
            Deadline.objects.filter(
                case=self.application.case, stopped_at=None, due_at__isnull=False, extension=None
            )
            .exclude(limit__kind="internal")
            .select_related("limit")
            .order_by("due_at")
        )


class ExtensionAnswerForm(ActForm):
    """The customer's answer is the button."""

    def prepare(self) -> None:
        """Nothing to fill in."""
        del self.fields["occurred_at"]
