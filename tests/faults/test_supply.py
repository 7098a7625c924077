"""What we install: pinned by hash, above the versions with known holes, complete, and old parts are named."""

from __future__ import annotations

import base64
import hashlib
import pyexpat
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dealwire.cli import diagnosis, service
from dealwire.settings import PROJECT_ROOT, load_settings

UV = PROJECT_ROOT / ".venv-boot" / "bin" / "uv"
LOCKS = ("requirements.lock", "requirements-boot.lock")
FLOORS = {"urllib3": "2.7", "starlette": "1.0.1", "apache-airflow-core": "3.3.2", "lxml": "6.0"}


def wheel(folder: Path, content: str) -> Path:
    """A package `gift` of version 1.0 that holds one line."""
    folder.mkdir(exist_ok=True)
    path = folder / "gift-1.0-py3-none-any.whl"
    files = {
        "gift.py": content,
        "gift-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: gift\nVersion: 1.0\n",
        "gift-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}"
        for name, text in files.items()
    ]
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("gift-1.0.dist-info/RECORD", "\n".join([*record, "gift-1.0.dist-info/RECORD,,\n"]))
    return path


def install(lock: Path, shelf: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [str(UV), "pip", "install", "--no-cache", "--no-index", "--find-links", str(shelf), "--require-hashes"]
    command += ["--python", sys.executable, "--target", str(target), "-r", str(lock)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.fault("S1")
def test_a_package_that_was_changed_is_not_installed(tmp_path: Path) -> None:
    honest = wheel(tmp_path / "shelf", "GIFT = 'a horse'\n")
    lock = tmp_path / "lock"
    lock.write_text(f"gift==1.0 --hash=sha256:{hashlib.sha256(honest.read_bytes()).hexdigest()}\n")
    assert install(lock, honest.parent, tmp_path / "installed").returncode == 0
    assert (tmp_path / "installed" / "gift.py").is_file()
    wheel(tmp_path / "shelf", "GIFT = 'a wooden horse'\n")
    refused = install(lock, honest.parent, tmp_path / "second")
    assert refused.returncode != 0
    assert "hash mismatch" in refused.stderr.lower()
    assert not (tmp_path / "second" / "gift.py").exists()


@pytest.mark.fault("S1")
@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes(name: str) -> None:
    requirements = re.split(r"\n(?=[A-Za-z])", (PROJECT_ROOT / name).read_text("utf-8").strip())
    assert all(re.match(r"[A-Za-z0-9_.\[\],-]+==[^\s;]+", one) and "--hash=sha256:" in one for one in requirements)
    setup_text = (PROJECT_ROOT / "bin" / "setup").read_text("utf-8")
    installs = re.findall(r"pip (?:sync|install) [^\n]*(?:\\\n[^\n]*)*", setup_text)
    assert installs
    assert all("--require-hashes" in one for one in installs)


def locked() -> dict[str, str]:
    text = (PROJECT_ROOT / "requirements.lock").read_text("utf-8")
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@pytest.mark.fault("S2")
@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_nothing_with_a_hole_that_we_know_is_locked(name: str, floor: str) -> None:
    assert numbers(locked()[name]) >= numbers(floor)


@pytest.mark.fault("S3")
def test_old_parts_are_named_and_nothing_else_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings({}, PROJECT_ROOT)
    monkeypatch.setattr(pyexpat, "version_info", (2, 5, 0))
    findings = list(diagnosis.old_parts(settings))
    assert [finding.state for finding in findings] == ["ok", "warning"]
    assert "expat 2.5.0" in findings[1].detail
    monkeypatch.setattr(pyexpat, "version_info", (2, 7, 1))
    monkeypatch.setattr(sys, "version_info", (3, 12, 9))
    assert [finding.state for finding in diagnosis.old_parts(settings)] == ["ok"]


@pytest.mark.fault("S3")
def test_a_start_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(pyexpat, "version_info", (2, 5, 0))
    service.check_before_start(load_settings({}, PROJECT_ROOT))
    assert "note: Python" in capsys.readouterr().err
    monkeypatch.setattr(pyexpat, "version_info", (2, 7, 1))
    monkeypatch.setattr(sys, "version_info", (3, 12, 9))
    service.check_before_start(load_settings({}, PROJECT_ROOT))
    assert capsys.readouterr().err == ""


@pytest.mark.fault("S4")
def test_what_an_extra_would_have_brought_is_locked_by_its_own_name() -> None:
    asked = {line.strip() for line in (PROJECT_ROOT / "requirements.in").read_text("utf-8").splitlines()}
    assert any(re.match(r"lxml[-_]html[-_]clean\b", line) for line in asked)
    assert "lxml-html-clean" in locked()
    script = "import lxml_html_clean, trafilatura.readability_lxml; print('imported')"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "imported"
