"""People, offices, posts, competences, certificates, absences; and the counters that guard sign-in."""

from staff.models.absence import Absence
from staff.models.certificate import Certificate
from staff.models.competence import Competence
from staff.models.naming import TwoNames
from staff.models.office import Office
from staff.models.post import Post, Role
from staff.models.signin import SignInCode, Throttle
from staff.models.user import User

__all__ = [
    "Absence",
    "Certificate",
    "Competence",
    "Office",
    "Post",
    "Role",
    "SignInCode",
    "Throttle",
    "TwoNames",
    "User",
]
