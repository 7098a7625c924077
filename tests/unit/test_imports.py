"""The import contract of docs/architecture.md: imports go one way, and each outside thing has one place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "plugins" / "dealwire"
MODULES = sorted(LIBRARY.rglob("*.py"))
STAGES = {"news", "extract", "chat", "resolve", "alerts", "store", "web"}
MODELS = {"model", "feed_model", "deal_model", "alert_model", "errors", "csv_cells", "__init__"}

# what each part of the library may import of the others
ALLOWED = {
    **{stage: MODELS for stage in STAGES},
    "store": {"takeaway"} | MODELS,
    "web": {"takeaway"} | MODELS,
    "context": {"settings", "store"} | MODELS,
    "stages": STAGES - {"web"} | {"context", "settings"} | MODELS,
    "pipeline": {"stages", "context"} | MODELS,
    "runtime": {"pipeline", "context", "metrics", "settings", "store", "takeaway"} | MODELS,
    "service": {"settings"} | MODELS,
    "cli": STAGES - {"web"} | {"runtime", "pipeline", "context", "service", "stages", "settings", "takeaway"} | MODELS,
    "settings": MODELS,
}

# packages from outside and the only places that may import them
ONLY_IN = {
    "psycopg2": ("store/",),
    "aiohttp": ("news/fetch", "alerts/", "chat/"),
    "apprise": ("alerts/",),
    "requests": ("alerts/",),
    "urllib.request": ("service/airflow_api.py",),
    "fastapi": ("web/",),
    "starlette": ("web/",),
    "airflow": (),
}
CLOCK = {"now", "utcnow", "today"}


def part_of(path: Path) -> str:
    first = path.relative_to(LIBRARY).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            yield node.lineno, node.module or ""
            if node.module == "dealwire":
                yield from ((node.lineno, f"dealwire.{alias.name}") for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_imports_go_one_way(path: Path) -> None:
    part = part_of(path)
    allowed = ALLOWED.get(part, MODELS) | {part}
    for line, name in imports(path):
        if name.startswith("dealwire."):
            target = name.split(".")[1]
            assert target in allowed | {"__version__"}, f"{path}:{line}: {part} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_outside_packages_have_one_place(path: Path) -> None:
    where = str(path.relative_to(LIBRARY))
    for line, name in imports(path):
        for package, places in ONLY_IN.items():
            if name == package or name.startswith(f"{package}."):
                assert where.startswith(places or ("nowhere",)), f"{path}:{line}: {name} belongs in {places}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_environment_and_clock_have_one_place(path: Path) -> None:
    where = str(path.relative_to(LIBRARY))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr == "environ" and where not in ("settings.py",):
            raise AssertionError(f"{path}:{node.lineno}: os.environ is read in settings.py only")
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        if node.attr in CLOCK and owner in ("datetime", "date") and where != "runtime.py":
            raise AssertionError(f"{path}:{node.lineno}: the clock is read in runtime.py only")


def test_no_module_hides_one_of_the_standard_library() -> None:
    assert not [path for path in MODULES if path.stem in sys.stdlib_module_names]


def test_airflow_is_kept_from_importing_the_library_module_by_module() -> None:
    assert (ROOT / "plugins" / ".airflowignore").read_text().split() == ["dealwire/"]
