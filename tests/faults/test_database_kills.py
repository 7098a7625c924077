"""Kill -9 between and inside the statements of every stage; bench/kills.py does the same some hundred times."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from killing.campaign import Life, campaign, plan

from dealwire.store.analyst import role_url
from dealwire.store.database import connect
from dealwire.store.logins import PIPELINE

KILLS, SEED = 16, 20


def as_pipeline(owner_url: str, home: Path) -> str:
    """The address for the role that the service works as."""
    owner = connect(owner_url)
    try:
        return role_url(owner, home, PIPELINE)
    finally:
        owner.close()


@pytest.mark.slow
@pytest.mark.fault("B6", "L3", "A1")
def test_a_life_with_kills_ends_as_the_undisturbed_one(
    database_url: str, module_database_url: str, tmp_path: Path
) -> None:
    with campaign(tmp_path) as lived:
        quiet = lived.live(as_pipeline(database_url, tmp_path))
        assert quiet.differences(quiet) == []
        assert len(quiet.dump) > 200
        assert len(quiet.messages) >= 3
        (kills,) = plan(quiet, random.Random(SEED), KILLS, KILLS)
        life = lived.live(as_pipeline(module_database_url, tmp_path), kills)
    assert len(life.kills) >= KILLS - 4
    assert len({kill.slot[1] for kill in life.kills}) >= 4
    assert life.differences(quiet) == []


def test_what_is_lost_doubled_or_not_sent_is_seen() -> None:
    quiet = Life(dump=["a", "b", "b"], messages=Counter({"1": 1}))
    assert Life(dump=["a", "b"], messages=Counter({"1": 1})).differences(quiet) == ["lost: b"]
    doubled = Life(dump=["a", "a", "b", "b"])
    assert doubled.differences(quiet) == ["extra: a", "0 alerts arrived, not 1"]
    assert Life(dump=quiet.dump, messages=Counter({"1": 2}), unmarked=1).differences(quiet) == [
        "1 repeats, 1 of them not marked"
    ]
