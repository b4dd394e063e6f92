"""Every address says whom it is open to."""

from django.urls import URLPattern, get_resolver

#: Django's own site, which asks for a staff user at each page.
GUARDED_ELSEWHERE = {"admin"}


def _patterns(resolver, prefix="", namespace=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.pattern}", entry.callback
        elif entry.namespace not in GUARDED_ELSEWHERE:
            yield from _patterns(entry, f"{prefix}{entry.pattern}", entry.namespace)


def _audiences(callback):
    kind = getattr(callback, "view_class", getattr(callback, "cls", None))
    return getattr(callback, "audiences", None) or getattr(kind, "audiences", None)


def test_every_url_declares_its_audiences():
    undeclared = [address for address, callback in _patterns(get_resolver()) if not _audiences(callback)]
    assert not undeclared


def test_the_walk_sees_the_pages():
    assert len(list(_patterns(get_resolver()))) > 10
