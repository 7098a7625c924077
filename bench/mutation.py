#!/usr/bin/env python3
"""Whether the tests notice when the code that must not be wrong is wrong: a sample of small changes, each tested.

    bench/mutation.py [--each 25] [--seed 1] [--only fetch] [--show]

A change swaps one comparison, boolean operator, arithmetic operator or condition, moves a number by one, empties a
text or drops a statement. The tests of its module run against it, the first failure ends them; a run that takes more
than --seconds counts as noticed. Prints the share noticed, by part; --show lists what nobody noticed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests")]

# part -> its modules, and the tests that have to notice
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fetch": (
        ("news/fetch.py", "news/fetch_guard.py", "news/fetch_pace.py", "news/fetch_policy.py"),
        tuple(f"tests/faults/test_network_{name}.py" for name in ("http", "guard", "manners")),
    ),
    "identity": (
        ("news/identity.py",),
        ("tests/unit/news/test_identity.py", "tests/faults/test_feeds_over_time.py"),
    ),
    "outbox": (
        ("alerts/outbox.py", "alerts/matching.py", "alerts/storm.py", "alerts/send.py"),
        ("tests/unit/alerts", "tests/faults/test_alerts_delivery.py", "tests/faults/test_alerts_storm.py"),
    ),
    "resolution": (
        ("resolve/cluster.py", "resolve/clustering.py", "resolve/blocking.py", "resolve/partition.py"),
        ("tests/unit/resolve",),
    ),
}  # fmt: skip
COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult}
REWRITTEN = "ignore::pytest.PytestAssertRewriteWarning"  # for what was imported before the fork
Change = tuple[str, Callable[[ast.AST], ast.AST | None]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change."""

    module: str
    line: int
    what: str
    source: str


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--each", type=int, default=25, help="changes a part")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=90, help="that the tests of one change may take")
    parser.add_argument("--only", choices=sorted(PARTS))
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    os.chdir(ROOT)
    preload()
    for part, (modules, tests) in PARTS.items():
        if options.only in (None, part):
            score(part, modules, tests, options)


def preload() -> None:
    """What tests import of other packages, once: each change is tested in a fork of this process."""
    for name in (
        "pytest",
        "aiohttp",
        "numpy",
        "lxml.html",
        "hypothesis",
        "psycopg2",
        "trustme",
        "apprise",
        "rapidfuzz",
    ):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def score(part: str, modules: Sequence[str], tests: Sequence[str], options: argparse.Namespace) -> None:
    if not survives(None, tests, options.seconds * 4):
        print(f"{part:10} its tests fail without any change", flush=True)
        return
    found = [mutant for module in modules for mutant in mutants(module)]
    chosen = random.Random(options.seed).sample(found, min(options.each, len(found)))
    begun = time.monotonic()
    alive = [mutant for mutant in chosen if survives(mutant, tests, options.seconds)]
    noticed = 1 - len(alive) / len(chosen)
    print(f"{part:10} {noticed:4.0%} of {len(chosen)} changes noticed (of {len(found)} that could be made) "
          f"in {time.monotonic() - begun:.0f} s", flush=True)  # fmt: skip
    for mutant in alive if options.show else ():
        print(f"    {mutant.module}:{mutant.line}: {mutant.what}")


# --- changes ---


def mutants(module: str) -> Iterator[Mutant]:
    source = (ROOT / "plugins/dealwire" / module).read_text("utf-8")
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for what, change in changes(node):
            changed = copy.deepcopy(tree)
            target = next(one for place, one in enumerate(ast.walk(changed)) if place == number)
            _replace(changed, target, change(target))
            yield Mutant(module, getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(changed)))


def changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        other = COMPARISONS[type(node.ops[0])]
        yield f"{ast.unparse(node)}, with {other.__name__}", lambda one: _with(one, ops=[other(), *one.ops[1:]])  # type: ignore[attr-defined]
    elif isinstance(node, ast.BoolOp):
        swapped = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{ast.unparse(node)[:70]}, with {swapped.__name__}", lambda one: _with(one, op=swapped())
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not _is_type(node):
        operator = OPERATORS[type(node.op)]
        yield f"{ast.unparse(node)}, with {operator.__name__}", lambda one: _with(one, op=operator())
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        test = ast.unparse(node.test)
        yield f"not ({test})", lambda one: _with(one, test=ast.UnaryOp(ast.Not(), one.test))  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        yield f"{node.value} + 1", lambda one: _with(one, value=one.value + 1)  # type: ignore[attr-defined]
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield f"return None for {ast.unparse(node)[:60]}", lambda one: _with(one, value=ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield f"without {ast.unparse(node)[:60]}", lambda one: ast.Pass()


def _is_type(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.BitOr)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST | None) -> None:
    if new is old or new is None:
        return
    for parent in ast.walk(tree):
        for _, value in ast.iter_fields(parent):
            if isinstance(value, list) and old in value:
                value[value.index(old)] = new
                return


# --- testing ---


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed source, and all others as usual."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = "dealwire." + mutant.module.removesuffix(".py").replace("/", ".")
        self.path = str(ROOT / "plugins/dealwire" / mutant.module)
        self.code = compile(mutant.source, self.path, "exec")

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> object:
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def survives(mutant: Mutant | None, tests: Sequence[str], seconds: int) -> bool:
    """Whether all tests pass, in a fork of this process that is ended when the time is up."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        _test(mutant, tests)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status == 0
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def _test(mutant: Mutant | None, tests: Sequence[str]) -> None:
    import pytest

    status: int = 1
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        if mutant is not None:
            sys.meta_path.insert(0, _Changed(mutant))
        status = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", REWRITTEN, *tests]))
    finally:
        os._exit(min(status, 100))


if __name__ == "__main__":
    main()
