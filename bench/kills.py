"""Kill -9 over all stages and statements: nothing lost, nothing doubled, or exit status 1.

    PYTHONPATH=plugins:tests python bench/kills.py --kills 200 --seed 8

Starts a PostgreSQL, the newsroom and a receiver of alerts, lives two days of news once undisturbed, then again and
again with children that are killed before, during and after statements and at random times. Prints where they died.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from killing.campaign import Kill, Life, campaign, plan

from dealwire.store.database import connect, run_script
from dealwire.store.embedded import Embedded
from dealwire.store.logins import PIPELINE, let_roles_in
from dealwire.store.migrate import migrate

A_LIFE = 25  # kills
ROUNDS = 8  # of making up for statements that no kill has struck


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-kills-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Embedded(folder / "postgres", durable=False)
        server.start()
        try:
            return run(server, folder, options.kills, options.seed)
        finally:
            server.stop()


def run(server: Embedded, folder: Path, count: int, seed: int) -> int:
    """Lives until enough kills have struck; a kill whose statement did not come again is made up for."""
    owner = connect(server.url("dealwire"))
    migrate(owner)
    let_roles_in(owner, server.home)
    owner.close()
    administrator = connect(server.url("postgres"))

    def fresh(number: int) -> str:
        run_script(administrator, f"CREATE DATABASE life_{number} TEMPLATE dealwire", "a database for a life")
        return server.url(f"life_{number}", PIPELINE)

    chance, begun, lives = random.Random(seed), time.monotonic(), 0
    kills: list[Kill] = []
    struck: set[tuple[str, str]] = set()
    left: set[tuple[str, str]] = set()
    rounds = 0
    wrong: list[str] = []
    repeats = 0
    with campaign(folder) as lived:
        quiet = lived.live(fresh(0))
        wrong += quiet.differences(quiet)
        known = {Kill(slot, name).kind for slot, names in quiet.statements.items() for name in names}
        while len(kills) < count or (left and rounds < ROUNDS):
            rounds += 1
            for killed in plan(quiet, chance, max(count - len(kills), len(left)), A_LIFE, struck):
                lives += 1
                life = lived.live(fresh(lives), killed)
                found = life.differences(quiet)
                wrong += [f"life {lives}: {line}" for line in found]
                kills += life.kills
                repeats += life.repeats
                print(f"life {lives}: {len(life.kills)} kills, {len(found)} differences", flush=True)
            struck = {kill.kind for kill in kills}
            left = known - struck
    administrator.close()
    print_table(kills, quiet)
    print(f"\n{len(kills)} kills in {lives} lives, {time.monotonic() - begun:.0f} s; seed {seed}")
    print(
        f"{len(quiet.dump)} rows and {len(quiet.messages)} alerts a life; {len(wrong)} differences, {repeats} repeats"
    )
    print("\n".join(wrong))
    return int(bool(wrong))


def print_table(kills: list[Kill], quiet: Life) -> None:
    """A line a stage and statement: how often a child died there."""
    kinds = Counter(kill.kind for kill in kills)
    ways = Counter((kill.kind, kill.when) for kill in kills)
    known = {Kill(slot, name).kind for slot, names in quiet.statements.items() for name in names}
    print(f"\n{'stage':10}{'statement':44}{'before':>7}{'during':>7}{'after':>7}{'time':>6}")
    for kind in sorted(known | set(kinds)):
        counts = [ways[kind, when] or "" for when in ("before", "during", "after", "at a time")]
        print(f"{kind[0]:10}{kind[1] or '(anywhere)':44}{counts[0]:>7}{counts[1]:>7}{counts[2]:>7}{counts[3]:>6}")
    for stage, total in sorted(Counter(kill.kind[0] for kill in kills).items()):
        print(f"{stage}: {total} kills")
    print(f"statements without a kill: {len(known - set(kinds))} of {len(known)}")


if __name__ == "__main__":
    raise SystemExit(main())
