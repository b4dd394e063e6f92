"""Forms of works of both sides: an item entered, news about it, finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.forms.act import ActForm, not_in_the_future
from applications.models import Payer, WorksFinish, WorksItem, WorksNews, WorksReport, WorksSide
from applications.selectors.connection import sources_of
from applications.selectors.works import open_grid_works
from workflow.models import Clause

NUMBERED = {
    WorksNews.PROJECT: _("Enter the number of the project."),
    WorksNews.MATERIAL_ISSUED: _("Enter the number of the issue slip."),
    WorksNews.PERMIT_GRANTED: _("Enter the number of the permit."),
    WorksNews.OUTAGE: _("Enter the number of the outage plan."),
    WorksNews.LIVE: _("Enter the number of the work plan."),
}
"""News that is worth nothing without its number."""

SLOTS = (WorksNews.OUTAGE, WorksNews.LIVE)


class ItemField(forms.ModelChoiceField):
    """An item of works, by number and words."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Works item"))
        super().__init__(queryset=WorksItem.objects.none(), empty_label=None, **kwargs)


class ClauseField(forms.ModelChoiceField):
    """A clause, by the title of its document and its number if that is known."""

    def label_from_instance(self, obj: Any) -> str:
        """Title, number or that it is to be checked."""
        return f"{obj.title_zh}（{obj.number or gettext('article number to be checked')}）"


class AddWorksForm(ActForm, forms.ModelForm):
    """One item of works, of the grid's or of the customer's side."""

    source_number = forms.TypedChoiceField(
        label=_("For which source"), required=False, coerce=int, empty_value=None,
        help_text=_("The other sources can be energised before."),
    )  # fmt: skip
    clause = ClauseField(
        label=_("Basis"), queryset=Clause.objects.all(), required=False, empty_label=_("own rule of this bureau")
    )  # fmt: skip

    class Meta:
        model = WorksItem
        fields = (
            "side", "kind", "extent", "source_number", "payer", "boundary", "clause", "builder", "project_no", "start_date", "finish_date",
        )  # fmt: skip
        help_texts = {
            "extent": _("For example 10 kV cable, 240 m, from ring main unit 3 to the boundary."),
            "boundary": _("Up to where the utility builds and pays, exactly."),
            "builder": _("Of the customer's works: the customer's own choice, nobody may prescribe it."),
        }
        error_messages = {
            "extent": {"required": _("Write what is built, and from where to where.")},
            "boundary": {"required": _("Write where the investment boundary lies.")},
        }

    def first_values(self) -> Mapping[str, Any]:
        """The grid's own, paid by us, up to the boundary of the scheme."""
        scheme = self.application.schemes.order_by("-number").first()
        boundary = scheme.ownership_boundary[:200] if scheme else ""
        return {"side": WorksSide.GRID, "payer": Payer.UTILITY, "boundary": boundary}

    def prepare(self) -> None:
        """Which source, where there are several."""
        sources = sources_of(self.application)
        field: Any = self.fields["source_number"]
        said = pgettext_lazy("of power", "Source")
        field.choices = [
            ("", gettext("every source")),
            *((s.number, f"{said} {s.number} · {s.source_point}") for s in sources),
        ]
        if len(sources) < 2:
            del self.fields["source_number"]

    def look(self, data: dict[str, Any]) -> None:
        """Begun before it is finished; the customer pays for the grid only with a clause."""
        start, finish = data.get("start_date"), data.get("finish_date")
        if start and finish and finish < start:
            self.add_error("finish_date", gettext("It can't be finished before it is begun."))
        of_grid = data.get("side") == WorksSide.GRID
        if of_grid and data.get("payer") in (Payer.CUSTOMER, Payer.SHARED) and not data.get("clause"):
            self.add_error(
                "clause", gettext("Who lets the customer pay for works of the grid names the clause for it.")
            )


class ReportWorksForm(ActForm, forms.ModelForm):
    """News about an item: project, material, permits, slot, begin."""

    item = ItemField()

    class Meta:
        model = WorksReport
        fields = ("item", "news", "day", "reference", "expected_date")
        help_texts = {
            "reference": _("Of project, slip, permit or plan."),
            "expected_date": _("When the next step is expected; of an outage or live-line work its day."),
        }

    def first_values(self) -> Mapping[str, Any]:
        """Today."""
        return {"day": timezone.localdate()}

    def prepare(self) -> None:
        """Items that are not finished."""
        field: Any = self.fields["item"]
        field.queryset = self.application.worksitems.filter(finish=None)

    def look(self, data: dict[str, Any]) -> None:
        """It has happened; numbers and days where the news is one."""
        not_in_the_future(self, data, ["day"])
        news = data.get("news")
        if news in NUMBERED and not data.get("reference"):
            self.add_error("reference", str(NUMBERED[news]))
        if news in SLOTS and not data.get("expected_date"):
            self.add_error("expected_date", gettext("Enter the day of the outage or live-line work."))


class FinishWorksForm(ActForm, forms.ModelForm):
    """An item of the grid is finished; or none is needed, and why."""

    item = ItemField(required=False)

    class Meta:
        model = WorksFinish
        fields = ("item", "finished_date", "paid_by", "note")
        help_texts = {"paid_by": _("Compared with who had to pay; both stay on record.")}

    def first_values(self) -> Mapping[str, Any]:
        """The next item, paid by whom it was to be."""
        left = open_grid_works(self.application)
        values: dict[str, Any] = {"finished_date": timezone.localdate()}
        return values | ({"item": left[0].pk, "paid_by": left[0].payer} if left else {})

    def prepare(self) -> None:
        """Only what is asked: with items no reason, without any nobody who paid."""
        left = open_grid_works(self.application)
        field: Any = self.fields["item"]
        field.queryset = self.application.worksitems.filter(pk__in=[item.pk for item in left])
        if left:
            del self.fields["note"]
        else:
            del self.fields["item"]
            del self.fields["paid_by"]
            self.fields["note"].required = not self.application.worksitems.filter(
                side=WorksSide.GRID
            ).exists()

    def look(self, data: dict[str, Any]) -> None:
        """Finished is past; that somebody else paid is worth a second look."""
        not_in_the_future(self, data, ["finished_date"])
        item = data.get("item")
        if "item" in self.fields and item is None and "item" not in self.errors:
            self.add_error("item", gettext("Choose which item is finished."))
        if item and not data.get("paid_by"):
            self.add_error("paid_by", gettext("Say who paid for it."))
        if item and data.get("paid_by") and data["paid_by"] != item.payer:
            self.remark(
                "paid_otherwise",
                gettext("Somebody else paid than had to (%(payer)s); check who did.")
                % {"payer": item.get_payer_display()},
            )
