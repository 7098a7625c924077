#!/usr/bin/env python3
"""The steps of the Dockerfile in a clean folder, where there is no Docker engine, and what the services then need.

    bench/image.py [--python /usr/bin/python3]

Copies what the repository holds (as .dockerignore leaves it), runs each COPY and RUN that needs no root, and checks in
the result: the command answers, Airflow and the Celery worker start their command lines, every module of the library
can be imported, and each secret that docker-compose.yml hands over by a command reaches Airflow's settings.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
SECRET = "postgresql+psycopg2://secret-of-the-replay@127.0.0.1/replay"
READ_SECRETS = """
import sys
from airflow.configuration import conf
for name in sys.argv[1:]:
    section, option = name.lower().split("__")
    assert conf.get(section, option) == "{secret}", name
"""
IMPORT_ALL = """
import importlib, pathlib, dealwire
root = pathlib.Path(dealwire.__file__).parent
names = sorted(p.relative_to(root.parent).with_suffix("").as_posix().replace("/", ".") for p in root.rglob("*.py"))
names = [n.removesuffix(".__init__") for n in names if not n.endswith("_worker") and not n.endswith("__main__")]
for name in names:
    importlib.import_module(name)
print(len(names), "modules imported")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dealwire-image-") as name:
        image = Path(name) / "opt" / "dealwire"
        image.mkdir(parents=True)
        steps = replay(image, options.python)
        check(image)
    print(f"{steps} steps and all checks passed in {time.monotonic() - begun:.0f} s")


def replay(image: Path, python: str) -> int:
    """Each COPY and RUN of the Dockerfile; what only root of a container can do is left out and named."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text("utf-8"))
    steps = 0
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                copy(source, image, target)
        elif word == "RUN" and "useradd" not in rest:
            commands = [part for part in rest.split(" && ") if "/var/lib" not in part and "/root" not in part]
            if not commands:
                continue
            print(f"RUN {' && '.join(commands)}", flush=True)
            environment = clean_environment() | {"PYTHON": python}
            subprocess.run(["sh", "-ec", " && ".join(commands)], cwd=image, env=environment, check=True)
        else:
            continue
        steps += 1
    return steps


def copy(source: str, image: Path, target: str) -> None:
    if source != ".":
        place = image / (target if not target.endswith("/") else target + Path(source).name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, place)
        return
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0"):
        if name and (ROOT / name).is_file() and not re.match(r"\.dealwire/|\.env$|secrets/", name):
            (image / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, image / name)


def check(image: Path) -> None:
    home = image.parent / "home"
    environment = clean_environment() | {
        "PATH": f"{image}/.venv/bin:{os.environ['PATH']}",
        "PYTHONPATH": str(image / "plugins"),
        "DEALWIRE_HOME": str(home),
        "AIRFLOW_HOME": str(home / "airflow"),
    }
    run(image, environment, "dealwire", "--help")
    run(image, environment, "python", "-c", IMPORT_ALL)
    secret = image.parent / "secret"
    secret.write_text(SECRET)
    compose = yaml.safe_load((image / "docker-compose.yml").read_text("utf-8"))
    commands = {name for name in compose["services"]["worker"]["environment"] if name.endswith("_CMD")}
    by_command = environment | {name: f"cat {secret}" for name in commands}
    by_command |= {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}
    options = sorted(name.removeprefix("AIRFLOW__").removesuffix("_CMD") for name in commands)
    run(image, by_command, "python", "-c", READ_SECRETS.format(secret=SECRET), *options)
    print(f"{len(options)} secrets reach Airflow by their commands")
    celery = environment | {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}
    celery |= {"AIRFLOW__CELERY__BROKER_URL": "memory://", "AIRFLOW__CELERY__RESULT_BACKEND": "cache+memory://"}
    run(image, celery, "airflow", "celery", "worker", "--help")
    run(image, celery, "celery", "--app", "airflow.providers.celery.executors.celery_executor.app", "report")


def run(image: Path, environment: Mapping[str, str], *command: str) -> None:
    done = subprocess.run(command, cwd=image, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)[:100]} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    if "imported" in done.stdout:
        print(done.stdout.strip().splitlines()[-1])


def clean_environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("DEALWIRE", "AIRFLOW", "DATABASE"))
    }


if __name__ == "__main__":
    main()
