"""What the acts on a version of the scheme share: which one was shown, which option of it, how somebody decided, what was answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from applications.models import AgreementMethod, Application, ObjectionAnswer, Scheme, SchemeOption
from applications.selectors.facts import latest_scheme, open_objections
from applications.services.facts import base, there
from staff.models import User
from workflow.transitions import Act, Refused, Stale


def method_of(by: User) -> str:
    """On the customer's own device, or on paper at the counter."""
    return AgreementMethod.OWN_DEVICE if by.kind == User.Kind.CUSTOMER else AgreementMethod.COUNTER_PAPER


def the_one_shown(application: Application, digest: str) -> Scheme:
    """The newest version, if it is the one that was shown."""
    scheme = there(latest_scheme(application))
    if scheme.digest != digest:
        raise Stale(_("There is a newer version of the scheme. Look at it before you decide."))
    return scheme


def option_of(scheme: Scheme, number: int) -> SchemeOption:
    """One of the options the version compares."""
    option = scheme.options.filter(number=number).select_related("scheme").first()
    if option is None:
        raise Refused(_("The version shown has no such option; choose one of those it compares."))
    return option


def point_to(a: Act, scheme: Scheme) -> None:
    """The event says which version it is about, and by which digest."""
    a.data["number"] = scheme.number
    a.documents.append(scheme.digest)


def answer_with(a: Act, application: Application, answered: Scheme | None, scheme: Scheme, text: str) -> int:
    """Answer every objection to a version that is still open; how many there were."""
    objections = open_objections(answered) if answered else []
    for objection in objections:
        ObjectionAnswer.objects.create(
            **base(a, application),
            objection=objection,
            scheme=scheme,
            new_version=scheme != answered,
            text=text,
        )
    return len(objections)
