"""The systemd unit that starts this installation with the machine and stops it in order."""

from __future__ import annotations

from pathlib import Path

UNIT = """[Unit]
Description=Dealwire: news feeds in, proven deals out
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
User={user}
WorkingDirectory={root}
Environment="DEALWIRE_HOME={home}"
ExecStart={command} service up
ExecStop={command} service down
TimeoutStartSec=900
TimeoutStopSec=180

[Install]
WantedBy=multi-user.target
"""


def systemd_unit(user: str, root: Path, home: Path, command: Path) -> str:
    """The text of the unit; settings come from the checkout's .env, as ever. A per cent sign is systemd's own."""
    paths = {
        name: str(path).replace("%", "%%") for name, path in (("root", root), ("home", home), ("command", command))
    }
    return UNIT.format(user=user, **paths)
