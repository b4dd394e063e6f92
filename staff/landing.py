"""Where somebody stands after signing in: one table."""

from staff.policies import Authority, Role

# The first post that matches decides; whoever works on cases goes to the desk.
BY_ROLE: tuple[tuple[Role, str], ...] = (
    (Role.SUPERVISOR, "/board/"),
    (Role.AUDITOR, "/audit/"),
    (Role.DISCIPLINE, "/audit/"),
    (Role.TRAINING, "/me/staff-certificates/"),
    (Role.ADMINISTRATOR, "/admin/"),
)
WORKING = "/desk/"
CUSTOMER = "/my/"
BOOTSTRAP = "/admin/"


def landing(authority: Authority) -> str:
    """The page to go to when no other was asked for."""
    if not authority.user.is_officer:
        return CUSTOMER
    for role, path in BY_ROLE:
        if authority.has_role(role):
            return path
    return BOOTSTRAP if authority.user.is_superuser and not authority.posts else WORKING
