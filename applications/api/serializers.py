"""What the API answers, field by field. Built by applications.api.answers; these say what it is."""

from __future__ import annotations

import datetime as dt

from rest_framework import serializers as s

from applications.models import StatedMoment


class ErrorSerializer(s.Serializer):
    """Every answer that is not yes."""

    detail = s.CharField(help_text="a sentence for the reader, in the language asked for")
    code = s.CharField(help_text="for machines: invalid, refused, stale, not_found, …")
    errors = s.DictField(child=s.ListField(child=s.CharField()), help_text="sentences by field")  # type: ignore[assignment]


class RefSerializer(s.Serializer):
    """A number in another system."""

    system = s.CharField(max_length=40)
    kind = s.CharField(max_length=40)
    value = s.CharField(max_length=120)


class GivenRefSerializer(RefSerializer):
    """The same as it is sent: with the times that system holds."""

    times = s.DictField(child=s.DateTimeField(), required=False)

    def validate_times(self, times: dict[str, dt.datetime]) -> dict[str, dt.datetime]:
        """Times of what we hold one for too."""
        if set(times) - set(StatedMoment.values):
            raise s.ValidationError("unknown")
        return times


class OutsideTimeSerializer(s.Serializer):
    """A time another system holds, and ours for the same thing."""

    system = s.CharField()
    about = s.ChoiceField(StatedMoment.values)
    stated_at = s.DateTimeField()
    received_at = s.DateTimeField()
    ours = s.DateTimeField(allow_null=True)


class MilestoneSerializer(s.Serializer):
    """One station on the way."""

    label = s.CharField()  # type: ignore[assignment]
    state = s.ChoiceField(["done", "now", "late", "todo"])
    when = s.CharField(allow_null=True, help_text="moment or day, ISO 8601")


class DeadlineSerializer(s.Serializer):
    """One clock."""

    name = s.CharField()
    kind = s.ChoiceField(["legal", "promise", "internal"])
    round = s.IntegerField()
    standing = s.ChoiceField(["red", "amber", "green", "pause", "ended"])
    text = s.CharField(help_text="in words, as on the pages")
    rule = s.CharField(help_text="how it is counted")
    clause = s.CharField(allow_blank=True)
    started_at = s.DateTimeField(allow_null=True)
    due_at = s.DateTimeField(allow_null=True)
    stopped_at = s.DateTimeField(allow_null=True)


class TaskSerializer(s.Serializer):
    """An open task."""

    node = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    round = s.IntegerField()
    doer = s.CharField()
    office = s.CharField()
    opened_at = s.DateTimeField()
    taken_at = s.DateTimeField(allow_null=True)
    version = s.IntegerField(help_text="send it back by If-Match or as `version`")


class CaseRowSerializer(s.Serializer):
    """A case in a list."""

    id = s.UUIDField()
    contact_no = s.CharField()
    application_no = s.CharField(allow_null=True)
    stage = s.CharField()
    stage_label = s.CharField()
    office = s.CharField(help_text="code")
    office_name = s.CharField()
    first_contact_at = s.DateTimeField(allow_null=True)
    opened_at = s.DateTimeField()


class CasePageSerializer(s.Serializer):
    """A page of cases."""

    next = s.CharField(allow_null=True)
    previous = s.CharField(allow_null=True)
    results = CaseRowSerializer(many=True)


class CaseSerializer(CaseRowSerializer):
    """A case. Customers see how far it is; what is for officers alone is absent for them."""

    category = s.CharField(allow_blank=True)
    place = s.CharField(allow_blank=True)
    sentence = s.CharField(help_text="where it is and who holds it")
    milestones = MilestoneSerializer(many=True)
    external = RefSerializer(many=True)
    continues = s.UUIDField(allow_null=True, help_text="the case this one follows")
    joined_to = s.UUIDField(allow_null=True, help_text="the case this one goes on under")
    route = s.CharField(required=False, help_text="officers")
    applicant = s.CharField(required=False, help_text="officers; masked")
    tasks = TaskSerializer(many=True, required=False, help_text="officers")
    outside_times = OutsideTimeSerializer(many=True, required=False, help_text="officers")


class EntrySerializer(s.Serializer):
    """One line of the record. Customers get the milestones passed."""

    label = s.CharField()  # type: ignore[assignment]
    recorded_at = s.CharField(allow_null=True)
    number = s.IntegerField(required=False)
    kind = s.CharField(required=False)
    sentence = s.CharField(required=False)
    occurred_at = s.DateTimeField(required=False, allow_null=True, help_text="as stated")
    by = s.CharField(required=False)
    via = s.CharField(required=False, allow_null=True)
    stage_from = s.CharField(required=False, allow_null=True)
    stage_to = s.CharField(required=False, allow_null=True)
    node = s.CharField(required=False, allow_null=True)
    round = s.IntegerField(required=False, allow_null=True)


class ActionSerializer(s.Serializer):
    """One act: whether the caller may do it now, and what its form asks."""

    name = s.CharField()
    label = s.CharField()  # type: ignore[assignment]
    allowed = s.BooleanField()
    why_not = s.CharField(allow_null=True)
    node = s.CharField(allow_null=True)
    round = s.IntegerField(allow_null=True)
    version = s.IntegerField(allow_null=True)
    fields = s.DictField(allow_null=True, help_text="JSON schema; null where it can't be done now")  # type: ignore[assignment]


class EventSerializer(s.Serializer):
    """The event an act came to."""

    number = s.IntegerField()
    kind = s.CharField()
    recorded_at = s.DateTimeField()


class DoneSerializer(s.Serializer):
    """What an act came to. A repeat with the same key gets the same."""

    case = s.UUIDField()
    contact_no = s.CharField()
    stage = s.CharField(help_text="after this act")
    event = EventSerializer()


class ContactSerializer(s.Serializer):
    """A registered contact and its receipt."""

    id = s.UUIDField()
    case = s.UUIDField()
    contact_no = s.CharField()
    receipt_code = s.CharField()
    receipt_url = s.CharField()
    recorded_at = s.DateTimeField()


class FiledSerializer(s.Serializer):
    """A submitted application."""

    case = s.UUIDField()
    contact_no = s.CharField()
    application_no = s.CharField()
    receipt_code = s.CharField()


class PaperSerializer(s.Serializer):
    """A paper that came."""

    id = s.UUIDField()
    item = s.CharField()
    name = s.CharField()
    version = s.IntegerField()
    media_type = s.CharField()
    size = s.IntegerField()
    sha256 = s.CharField()
    received_at = s.DateTimeField()


class UploadSerializer(s.Serializer):
    """One file of one paper."""

    item = s.CharField(help_text="code of the checklist's item")
    file = s.FileField()
    beside = s.BooleanField(default=False, help_text="another sheet of the same paper; what is there stays")
    consent = s.BooleanField(default=False, help_text="customers, identity papers: the photo may be stored")


class NodeTimeSerializer(s.Serializer):
    """When a node opened and closed on a case."""

    case = s.UUIDField()
    number = s.CharField()
    node = s.CharField()
    round = s.IntegerField()
    office = s.CharField()
    opened_at = s.DateTimeField()
    closed_at = s.DateTimeField(allow_null=True)
    outcome = s.CharField(allow_blank=True)


class NodeTimesSerializer(s.Serializer):
    """A page of node times; go on with `next`."""

    next = s.CharField(allow_null=True)
    results = NodeTimeSerializer(many=True)
