"""The sentence of each event, from templates/events/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from integrity.presentation import matter_of
from integrity.selectors.naming import called, names_for
from integrity.selectors.stories import Chapter
from workflow.models import Case, Channel, Event
from workflow.stages import Stage


@dataclass(frozen=True, slots=True)
class Line:
    """A chapter in words."""

    chapter: Chapter
    sentence: str
    actor: str
    channels: Mapping[str, str]

    @property
    def event(self) -> Event:
        """The event told."""
        return self.chapter.event

    @property
    def moved(self) -> str:
        """The stage it moved the case to."""
        return str(Stage(self.event.state_to).label) if self.event.state_to else ""

    @property
    def origin(self) -> str:
        """On whose behalf, and on what kind of machine: what hurried filing in a customer's name is told by. For auditors alone."""
        behalf = {
            "self": _("for themself"),
            "agent": _("by an agent"),
            "staff": _("by staff in the customer's name"),
        }
        terminal = {
            "staff": _("staff terminal"), "kiosk": _("kiosk in the hall"), "customer": _("customer's device"),
        }  # fmt: skip
        parts = [
            behalf.get(self.event.behalf or "", ""),
            terminal.get(str(self.chapter.data.get("terminal", "")), ""),
        ]
        return "・".join(filter(None, parts))

    @property
    def via(self) -> str:
        """The channel's name."""
        return self.channels.get(self.event.via or "", self.event.via or "")


def told(case: Case, chapters: Sequence[Chapter]) -> list[Line]:
    """The chapters in words, one line each."""
    names = names_for(case, chapters)
    channels = {channel.code: channel.name for channel in Channel.objects.all()}
    return [Line(chapter, _sentence(chapter, names), actor_of(chapter), channels) for chapter in chapters]


def _sentence(chapter: Chapter, names: Mapping[str, str]) -> str:
    if chapter.erased:
        return _("%(matter)s (contents erased)") % {"matter": matter_of(chapter.event.kind)}
    try:
        context = {"event": chapter.event, "data": chapter.data, "names": names}
        return render_to_string(f"events/{chapter.event.kind}.html", context)
    except TemplateDoesNotExist:
        return matter_of(chapter.event.kind)


def actor_of(chapter: Chapter) -> str:
    """Who did it, in words: a person, the public, the system, or the database role behind a direct change."""
    if chapter.who:
        return called(chapter.who)
    actor = chapter.event.actor
    if actor == "public":
        return _("somebody not signed in")
    return (
        _("the system")
        if not actor.startswith("db:")
        else _("directly in the database (%(role)s)") % {"role": actor[3:]}
    )
