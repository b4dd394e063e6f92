"""Where each app's pages stand. Every view below says whom it is open to (staff.access)."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz
from integrity.urls import publishing, recording, registering, verifying

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("applications.api.urls")),
    path("guide/", include("publicity.urls")),
    path("workflow/", include("workflow.urls")),
    path("audit/", include("integrity.urls")),
    path("verify/", include((verifying, "verify"))),
    path("ledger/", include((publishing, "log"))),
    path("ledger/records/", include((recording, "records"))),
    path("intervention/", include((registering, "intervention"))),
    path("", include("staff.urls")),
    path("", include("applications.urls")),
]
