"""Which offices somebody audits: those below their posts as auditor or in the discipline office, and no others."""

from __future__ import annotations

from django.utils import timezone

from staff.models import Office, Post, User
from staff.policies import Role

WATCHING = (Role.AUDITOR, Role.DISCIPLINE)


def audited_offices(user: User) -> frozenset[int]:
    """Offices whose flags the user may see. Not `authority().offices`: another post elsewhere opens nothing here."""
    if not user.is_active or not user.is_officer:
        return frozenset()
    posts = (
        Post.objects.in_force(timezone.localdate())
        .filter(user=user, role__in=WATCHING)
        .select_related("office")
    )
    found: set[int] = set()
    for post in posts:
        found.update(Office.objects.subtree(post.office).values_list("pk", flat=True))
    return frozenset(found)


def audits_everything(user: User) -> bool:
    """Whether the user's post as auditor stands at the top of the tree."""
    posts = Post.objects.in_force(timezone.localdate()).filter(
        user=user, role=Role.AUDITOR, office__parent=None
    )
    return user.is_active and posts.exists()
