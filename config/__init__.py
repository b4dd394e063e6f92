"""Wires the apps together: settings, URLs, Celery. Nothing imports it but Django, Celery and the server."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
