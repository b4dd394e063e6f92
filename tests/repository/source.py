"""The repository's own files, as the tests about them read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("staff", "workflow", "applications", "publicity", "integrity")
PRODUCT = (*APPS, "config", "launcher")
FOLDERS = (*PRODUCT, "tests", "benchmarks")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders, migrations left out (they are written once and stay)."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function of the file, methods and inner ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines of the function without decorators and docstring."""
    text = ast.get_docstring(function, clean=False)
    return (function.end_lineno or 0) - function.lineno + 1 - (text.count("\n") + 1 if text else 0)


def where(path: Path, node: ast.AST) -> str:
    """`file:line`, to click on."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
