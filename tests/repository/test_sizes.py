"""The house stays pleasant to live in: short files, short functions, imports at the top."""

import ast
from statistics import quantiles

from tests.repository.source import (
    FOLDERS,
    PRODUCT,
    ROOT,
    functions,
    length,
    python_files,
    tree,
    where,
)

LONGEST_FILE = 400
LONGEST_TEST_FILE = 600
LONGEST_FUNCTION = 60


def _lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long():
    too_long = {
        str(path.relative_to(ROOT)): _lines(path)
        for path in python_files(*FOLDERS)
        if _lines(path) > (LONGEST_TEST_FILE if "tests" in path.relative_to(ROOT).parts else LONGEST_FILE)
    }
    assert not too_long


def test_nine_files_of_ten_fit_on_few_screens():
    deciles = quantiles([_lines(path) for path in python_files(*PRODUCT)], n=10)
    assert deciles[8] <= 250, f"90 % of the files have up to {deciles[8]:.0f} lines"


def test_no_function_is_too_long():
    too_long = [
        f"{where(path, function)} {function.name}: {length(function)}"
        for path in python_files(*FOLDERS)
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    ]
    assert not too_long


def test_functions_are_mostly_short():
    deciles = quantiles([length(f) for path in python_files(*PRODUCT) for f in functions(path)], n=10)
    assert deciles[4] <= 8, f"half of the functions have up to {deciles[4]:.0f} lines"
    assert deciles[8] <= 25, f"90 % of the functions have up to {deciles[8]:.0f} lines"


def test_imports_stand_at_the_top():
    inside = [
        where(path, node)
        for path in python_files(*FOLDERS)
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not inside


def test_no_module_is_named_for_nothing():
    vague = {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "manager",
        "managers",
        "handler",
        "handlers",
        "misc",
    }
    assert not [str(path) for path in python_files(*FOLDERS) if {path.stem, path.parent.name} & vague]


def test_no_parameter_is_called_at():
    called_at = [
        where(path, argument)
        for path in python_files(*PRODUCT)
        for function in functions(path)
        for argument in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        if argument.arg == "at"
    ]
    assert not called_at


def test_every_module_says_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files(*PRODUCT)
        if path.stat().st_size > 1 and ast.get_docstring(tree(path)) is None
    ]
    assert not silent
