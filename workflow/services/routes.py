"""Routes: which version new cases get."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from staff.models import User
from workflow.events import append, name_actor
from workflow.models import Route, RouteVersion
from workflow.selectors.routes import unmanned
from workflow.transitions import Refused, actor_name

CHOSEN = "route.chosen"


def choose_version(*, by: User, version: RouteVersion, reason: str, on: dt.date) -> RouteVersion:
    """Give new cases this version from now on; running ones keep theirs. Sealed in the route's own stream. Raises Refused.

    Refused where nobody in any office may do one of its nodes: every new case would stop there.
    """
    if not reason.strip():
        raise Refused(_("Please give the reason: it is kept with the change."))
    with transaction.atomic():
        route = Route.objects.select_for_update(no_key=True).get(pk=version.route_id)
        name_actor(actor_name(by))
        chosen = route.versions.filter(for_new_cases=True).first()
        if chosen and chosen.pk == version.pk:
            raise Refused(_("New cases get this version already."))
        if version.status != "published":
            raise Refused(_("A draft can't be given to new cases; it has to be published first."))
        if missing := unmanned(version, on):
            names = "、".join(competence.name for competence in missing)
            raise Refused(
                _("Nobody present holds a certificate for: %(names)s. Cases would stop there.")
                % {"names": names}
            )
        route.versions.filter(for_new_cases=True).update(for_new_cases=False)
        route.versions.filter(pk=version.pk).update(for_new_cases=True)
        append(
            f"route:{route.pk}",
            CHOSEN,
            data={
                "version": version.pk,
                "number": version.number,
                "before": chosen.number if chosen else None,
                "reason": reason.strip(),
            },
        )
    version.refresh_from_db()
    return version
