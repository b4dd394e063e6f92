"""The connection application: lifecycle, checklists, rules, pages, API, what a customer may see."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff import navigation

COUNTER = {
    "intake",
    "surveyor",
    "planner",
    "approver",
    "reviewer",
    "inspector",
    "fitter",
    "archivist",
    "supervisor",
}


ON_THE_ROAD = {"surveyor", "inspector", "fitter"}

WATCHERS = {"supervisor", "auditor", "discipline", "administrator"}


class ApplicationsConfig(AppConfig):
    """Service connection as customers and clerks know it."""

    name = "applications"

    def ready(self) -> None:
        """Offer the desk and the customers' pages in the bar."""
        navigation.offer(
            navigation.Entry(_("Apply for power"), "home", "customer", order=10),
            navigation.Entry(_("My applications"), "my", "customer", order=15, signed_in=True),
            navigation.Entry(_("How far is it?"), "track", "customer", order=20),
            navigation.Entry(_("Register that I was here"), "self_register", "customer", order=25),
            navigation.Entry(_("Board of deadlines"), "board", "staff", roles=WATCHERS, order=5),
            navigation.Entry(
                _("Supervision"), "supervision", "staff", roles=COUNTER - {"supervisor"}, order=45
            ),
            navigation.Entry(_("My work"), "desk", "staff", roles=COUNTER, order=10),
            navigation.Entry(
                _("Projects"),
                "projects",
                "staff",
                roles={"intake", "planner", "surveyor", "fitter", "supervisor"},
                order=30,
            ),
            navigation.Entry(_("Many at once"), "projects", "customer", order=17, signed_in=True),
            navigation.Entry(_("Visits"), "field_day", "staff", roles=ON_THE_ROAD, order=12),
            navigation.Entry(
                _("Open capacity"),
                "capacity_assets",
                "staff",
                roles={"planner", "surveyor", "supervisor"},
                order=40,
            ),
            navigation.Entry(
                _("Register a visit"),
                "contact_new",
                "staff",
                roles={"intake", "planner", "supervisor"},
                order=20,
            ),
            navigation.Entry(_("Other systems"), "other_systems", "staff", roles={"administrator"}, order=65),
            navigation.Entry(_("Counter"), "counter", "staff", roles={"intake", "supervisor"}, order=15),
        )
