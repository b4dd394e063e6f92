"""Where each app's pages stand. Every view below says whom it is open to (staff.access)."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.health import healthz

#: prefix, app; the customers' own pages have none.
APPS = (
    ("guide/", "publicity"),
    ("workflow/", "workflow"),
    ("audit/", "integrity"),
    ("", "staff"),
    ("", "applications"),
)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    *(
        path(prefix, include(f"{app}.urls"))
        for prefix, app in APPS
        if (settings.BASE_DIR / app / "urls.py").exists()
    ),
]
