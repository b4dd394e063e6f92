"""Whether this process can do its work: asked by the launcher, by containers and by load balancers."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from staff.access import EVERYONE, open_to


@open_to(EVERYONE)
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers; a broker that is away is no reason to turn people away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
