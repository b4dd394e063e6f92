"""A case's stage and an application's state change in one place, through the door, and nowhere else."""

import ast

from tests.repository.source import APPS, python_files, tree, where

GUARDED = {"state", "stage"}
#: Where a changed stage is read back after the event's trigger wrote it, or where the subject's step is taken.
ALLOWED = {
    "workflow/progression.py",
    "workflow/subjects.py",
    "workflow/transitions.py",
}
BULK = {"update", "create_or_update", "update_or_create"}


def _targets(node):
    if isinstance(node, ast.Assign):
        return node.targets
    if isinstance(node, ast.AugAssign | ast.AnnAssign) and getattr(node, "value", None) is not None:
        return [node.target]
    return []


def _assigns_state(node):
    return any(isinstance(target, ast.Attribute) and target.attr in GUARDED for target in _targets(node))


def _calls(node, names):
    return isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names


def _bypasses(node):
    """`.update(state=…)`, `bulk_update(…, ["state"])`, `setattr(x, "state", …)`."""
    if _calls(node, BULK):
        return any(keyword.arg in GUARDED for keyword in node.keywords)
    if _calls(node, {"bulk_update", "setattr"}):
        named = [part for argument in node.args[1:2] for part in ast.walk(argument)]
        return any(isinstance(part, ast.Constant) and part.value in GUARDED for part in named)
    return False


def _offences(rule):
    return [
        where(path, node)
        for path in python_files(*APPS)
        for node in ast.walk(tree(path))
        if rule(node) and where(path, node).split(":")[0] not in ALLOWED
    ]


def test_nobody_assigns_a_state():
    assert not _offences(_assigns_state)


def test_nobody_writes_a_state_past_the_door():
    assert not _offences(_bypasses)


def test_the_rule_sees_what_it_should():
    caught = ast.parse(
        "a.state = 1\nb.stage: str = 'X'\nQ.filter().update(stage='X')\n"
        "setattr(a, 'state', 1)\nQ.bulk_update(rows, ['state'])"
    )
    offences = [node for node in ast.walk(caught) if _assigns_state(node) or _bypasses(node)]
    assert len(offences) == 5
