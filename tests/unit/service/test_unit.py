"""The systemd unit, as systemd itself reads it where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dealwire.cli.main import main
from dealwire.service.unit import systemd_unit
from dealwire.settings import PROJECT_ROOT


def test_it_starts_and_stops_the_installation_that_printed_it(tmp_path: Path) -> None:
    text = systemd_unit("root", PROJECT_ROOT, tmp_path / "100% home", Path(sys.executable).with_name("dealwire"))
    lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert lines["ExecStart"] == f"{Path(sys.executable).with_name('dealwire')} service up"
    assert lines["ExecStop"].endswith("dealwire service down")
    assert lines["Environment"] == f'"DEALWIRE_HOME={tmp_path}/100%% home"'
    assert lines["WorkingDirectory"] == str(PROJECT_ROOT)


def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "dealwire.service"
    file.write_text(systemd_unit("root", PROJECT_ROOT, tmp_path, Path(sys.executable).with_name("dealwire")))
    analyze = shutil.which("systemd-analyze")
    if analyze is None:  # a machine without systemd; then the text is all there is to check
        assert "[Install]\nWantedBy=multi-user.target" in file.read_text()
        return
    done = subprocess.run([analyze, "verify", "--man=no", str(file)], capture_output=True, text=True, check=False)
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if "dealwire" in line]
    assert complaints == []


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["service", "unit"]) == 0
    assert f"WorkingDirectory={PROJECT_ROOT}\n" in capsys.readouterr().out
