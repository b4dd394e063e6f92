"""The connection application: lifecycle, checklists, rules, pages, API, what a customer may see."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Service connection as customers and clerks know it."""

    name = "applications"
