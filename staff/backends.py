"""Django's permissions from posts, so that an administrator's rights end with the post."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from staff.models import User
from staff.policies import Role
from staff.selectors import authority


class PostBackend(ModelBackend):
    """Lets administrators by post use the administration pages, as far as those pages let anybody."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return super().has_perm(user_obj, perm, obj) or (obj is None and _administers(user_obj))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return super().has_module_perms(user_obj, app_label) or _administers(user_obj)


def _administers(user: Any) -> bool:
    """Asked dozens of times for one page, so the answer is kept on the request's user object."""
    if not isinstance(user, User) or not user.is_staff:
        return False
    if user.administers_today is None:
        user.administers_today = authority(user, timezone.localdate()).has_role(Role.ADMINISTRATOR)
    return user.administers_today
