"""The few questions that decide which papers are needed. Answers travel in the address, so the form is sent by GET."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from applications.checklists import Question


class QuestionsForm(forms.Form):
    """One group of choices a question."""

    def __init__(self, questions: Iterable[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            choices = [(word, label) for word, (_value, label) in question.choices.items()]
            missing = _("Choose one of the answers.")
            self.fields[question.field] = forms.ChoiceField(
                label=str(question.text),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": missing, "invalid_choice": missing},
            )

    def conditions(self) -> dict[str, Any]:
        """The answers as the checklist's conditions know them."""
        return {q.field: q.choices[self.cleaned_data[q.field]][0] for q in self.questions}

    def answers(self) -> list[tuple[str, str]]:
        """Question and answer in words, for the list's head."""
        return [(str(q.text), str(q.choices[self.cleaned_data[q.field]][1])) for q in self.questions]
