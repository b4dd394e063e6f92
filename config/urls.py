"""Where each app's pages stand. Every view below says whom it is open to (staff.access)."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("guide/", include("publicity.urls")),
    path("workflow/", include("workflow.urls")),
    path("audit/", include("integrity.urls")),
    path("", include("staff.urls")),
    path("", include("applications.urls")),
]
