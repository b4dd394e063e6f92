"""The terms that a category adds to a contract: of a PV plant how it runs and who files it, of a temporary supply from when until when."""

from __future__ import annotations

from applications.models import Application, BusinessType
from staff.formats import long_day


def category_terms(application: Application) -> dict[str, str]:
    """Names for the template; empty for categories that add none."""
    if application.business_type == BusinessType.TEMPORARY:
        row = getattr(application, "temporary", None)
        return {"from_day": long_day(row.from_date), "until_day": long_day(row.until_date)} if row else {}
    if application.supply_class.startswith("pv"):
        plant = getattr(application, "pv", None)
        return (
            {"export": str(plant.get_export_display()), "filer": str(plant.get_filer_display())}
            if plant
            else {}
        )
    return {}
