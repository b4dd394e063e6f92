"""Form fields of the facts: questions answered yes or no, one thing a line, ratios, people, parties, papers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Document, Party
from applications.uploads import MAX_BYTES, MAX_FILES, PICTURES, Unfit, examine
from staff.models import User


def yes_no(label: Any, **kwargs: Any) -> forms.TypedChoiceField:
    """A question that has to be answered: no box that is left unticked by mistake."""
    kwargs.setdefault("widget", forms.RadioSelect)
    kwargs.setdefault("error_messages", {"required": _("Answer yes or no.")})
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        **kwargs,
    )


class LinesField(forms.CharField):
    """Several lines, one thing a line; numbers and dots people put before them are taken off."""

    _NUMBERING = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）]|\d{1,2}\s*[.．、:：](?!\d)|[-*•·])\s*")

    def __init__(self, *, longest: int, most: int = 40, **kwargs: Any) -> None:
        self.longest, self.most = longest, most
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        """The lines, without empty ones."""
        text: str = super().clean(value)
        lines = [self._NUMBERING.sub("", line).strip() for line in text.splitlines()]
        lines = [line for line in lines if line]
        if self.required and not lines:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(lines) > self.most:
            raise ValidationError(
                gettext("At most %(n)s lines; put what belongs together on one.") % {"n": self.most}
            )
        for number, line in enumerate(lines, 1):
            if len(line) > self.longest:
                raise ValidationError(
                    gettext("Line %(number)s has more than %(n)s characters; split it or shorten it.")
                    % {"number": number, "n": self.longest}
                )
        return lines


class RatioField(forms.CharField):
    """变比 as primary/secondary; what people paste (full width, a colon, units) is accepted and brought to that form."""

    def __init__(self, *, pattern: str, sentence: Any, **kwargs: Any) -> None:
        self.pattern, self.sentence = re.compile(pattern), sentence
        super().__init__(max_length=20, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        """Such as 40/5."""
        text = unicodedata.normalize("NFKC", super().clean(value) or "")
        text = re.sub(r"[kK]?[vVaA]", "", "".join(text.split())).replace(":", "/").replace("∶", "/")
        if text and not self.pattern.fullmatch(text):
            raise ValidationError(self.sentence)
        return text


def ct_field() -> RatioField:
    """Current transformer: the secondary side is 5 or 1."""
    return RatioField(
        label=_("CT ratio"),
        pattern=r"[1-9]\d{0,4}/[15]",
        sentence=_("Write the ratio as primary/secondary; the secondary side is 5 or 1, for example 40/5."),
        help_text=_("Primary/secondary, for example 40/5; empty where the meter is connected directly."),
    )


def pt_field() -> RatioField:
    """Voltage transformer: the secondary side is 100 V."""
    return RatioField(
        label=_("PT ratio"),
        pattern=r"[1-9]\d{1,6}/100|[1-9]\d{0,2}/0\.1",
        sentence=_(
            "Write the ratio as primary/secondary; the secondary side is 100 V, for example 10000/100 or 10/0.1."
        ),
        help_text=_("For example 10000/100; only where metered at high voltage."),
    )


class PeopleField(forms.ModelMultipleChoiceField):
    """Officers who were there."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        kwargs.setdefault("error_messages", {"required": _("Tick everybody who was there.")})
        super().__init__(queryset=User.objects.none(), label=label, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The person's name."""
        return str(obj.get_full_name())


class PersonField(forms.ModelChoiceField):
    """One officer."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), label=label, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The person's name."""
        return str(obj.get_full_name())


class PartyField(forms.ModelChoiceField):
    """Somebody on the customer's side."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", None)
        super().__init__(queryset=Party.objects.none(), label=label, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Role and name."""
        return f"{obj.get_role_display()} · {obj.person.name}"


class PapersField(forms.ModelMultipleChoiceField):
    """Papers that lie on the case already; `names` says what they are called."""

    names: Mapping[str, str] = {}

    def __init__(self, label: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(queryset=Document.objects.none(), label=label, required=False, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """What the paper is called, and its version where there are several."""
        name = self.names.get(obj.item_code, obj.item_code)
        return f"{name} ({obj.version})" if obj.version > 1 else name


class ManyPhotos(forms.FileInput):
    """Several photographs at once, from the camera or the album."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        kinds = {"accept": ",".join(PICTURES), "data-max-bytes": MAX_BYTES, "multiple": True}
        super().__init__(attrs=kinds)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """All of them."""
        found: list[Any] = files.getlist(name) if hasattr(files, "getlist") else files.get(name) or []
        return found if isinstance(found, list) else [found]


class PhotosField(forms.Field):
    """Photographs, each looked at: opened, not too large, really a picture."""

    widget = ManyPhotos

    def clean(self, value: Any) -> list[Any]:
        """The good ones; the first bad one is said by name."""
        photos = [photo for photo in value or [] if hasattr(photo, "chunks")]
        if len(photos) > MAX_FILES:
            raise ValidationError(gettext("At most %(n)s photographs at a time.") % {"n": MAX_FILES})
        for photo in photos:
            try:
                fit = examine(photo)
            except Unfit as why:
                raise ValidationError(f"{(photo.name or '')[:60]}：{why.sentence}") from why
            if fit.media_type not in PICTURES:
                raise ValidationError(
                    gettext("%(name)s is no photograph.") % {"name": (photo.name or "")[:60]}
                )
            photo.content_type = fit.media_type
        return photos
