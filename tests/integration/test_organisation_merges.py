"""Organisations that turn out to be one, by the gazetteer or a person's word: without loss, and reversible."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import parse_dsn
from store_samples import NOW, a_mention, an_article

from dealwire.cli.main import main
from dealwire.context import Runtime
from dealwire.errors import NotFoundError, UsageError
from dealwire.extract.gazetteer import Gazetteer, load_gazetteer, provisional_id
from dealwire.extract.organisation_table import Alias
from dealwire.model import Organisation, Party
from dealwire.settings import load_settings
from dealwire.stages import identities
from dealwire.stages.identities import known_by_now
from dealwire.stages.resolution import resolve_mentions
from dealwire.store.database import Connection
from dealwire.store.judgements import mark_stale
from dealwire.store.lives import load_life
from dealwire.store.mentions import replace_mentions
from dealwire.store.organisations import list_provisional, merge_organisations, undo_organisation_merge

ROOT = Path(__file__).resolve().parents[2]
NOVA = "Nova Lattice Computing"
OTHER = "Nova Lattice"
IDS = {name: provisional_id(name) for name in (NOVA, OTHER)}


@pytest.fixture
def runtime(connection: Connection, tmp_path: Path) -> Runtime:
    settings = dataclasses.replace(load_settings({"DEALWIRE_HOME": str(tmp_path)}, tmp_path), project_root=ROOT)
    return Runtime(settings, connection, lambda: NOW, chance=lambda: 0.5)


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the gazetteer learn an organisation with these spellings."""

    def teach(organisation: Organisation, *spellings: str, ambiguous: bool = False) -> None:
        shipped = load_gazetteer()
        names = [organisation.name, *spellings]
        aliases = tuple(Alias(name, organisation.id, ambiguous, ()) for name in names)
        grown = Gazetteer({**shipped.organisations, organisation.id: organisation}, (*shipped.aliases, *aliases))
        monkeypatch.setattr(identities, "load_gazetteer", lambda: grown)
        identities.parents_of.cache_clear()

    yield teach
    identities.parents_of.cache_clear()


def told(runtime: Runtime, number: int, provider: str, organisation_id: str | None = None) -> None:
    """Another outlet's article, without any figure, on the same contract, under that name of the provider; resolved."""
    at = NOW + timedelta(hours=number)
    article, version = an_article(runtime.connection, str(number), publisher=f"Outlet {number}", at=at)
    parties = (
        Party(provider, "provider", organisation_id or provisional_id(provider)),
        Party("OpenAI", "customer", "openai"),
    )
    nothing = {"amount": None, "currency": None, "amount_low": None, "amount_high": None, "term_months": None}
    plain = dataclasses.replace(a_mention(), claims=(), capacity=(), amount_text=None, announced_on=None, **nothing)
    mention = dataclasses.replace(plain, parties=parties)
    replace_mentions(runtime.connection, article, version, mention.extractor_version, [mention], at)
    resolve_mentions(runtime)


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]


DEALS = "SELECT deal_id, merged_into, source_count FROM deal.deal ORDER BY deal_id"
PROVIDERS = "SELECT organisation_id FROM deal.deal_party WHERE role = 'provider' ORDER BY deal_id"
READ = "SELECT organisation_id, name FROM deal.mention_party WHERE role = 'provider' ORDER BY mention_id"


def test_what_the_gazetteer_learns_is_brought_into_stored_deals(runtime: Runtime, taught: Any) -> None:
    told(runtime, 1, NOVA)
    read = rows(runtime.connection, READ)
    taught(Organisation("nova-lattice", "NovaLattice", "neocloud", country="NO"), NOVA)
    counts = resolve_mentions(runtime)
    assert (counts["organisations"], counts["changed_deals"], counts["new_deals"]) == (1, 1, 0)
    assert rows(runtime.connection, PROVIDERS) == [("nova-lattice",)]
    assert rows(runtime.connection, READ) == read  # what was read stays
    life = load_life(runtime.connection, 1)
    assert [version["cause"] for version in life.versions] == ["reported", "identified"]
    assert "NovaLattice" in life.record.headline
    assert resolve_mentions(runtime)["organisations"] == 0
    (merged,) = list_provisional(runtime.connection, merged=True)
    assert (merged["organisation_id"], merged["merged_into"], merged["made_by"]) == (
        IDS[NOVA],
        "nova-lattice",
        "gazetteer",
    )


def test_deals_that_were_two_for_want_of_a_name_become_one(runtime: Runtime, taught: Any) -> None:
    told(runtime, 1, NOVA)
    told(runtime, 2, "ノヴァ格子", "x:ノヴァ格子")
    assert [deal[1] for deal in rows(runtime.connection, DEALS)] == [None, None]
    taught(Organisation("nova-lattice", "NovaLattice", "neocloud"), NOVA, "ノヴァ格子")
    resolve_mentions(runtime)
    assert rows(runtime.connection, DEALS) == [(1, None, 2), (2, 1, 1)]
    assert load_life(runtime.connection, 2).deal_id == 1


def test_a_report_that_comes_later_meets_the_renamed_ones(runtime: Runtime, taught: Any) -> None:
    told(runtime, 1, NOVA)
    taught(Organisation("nova-lattice", "NovaLattice", "neocloud"), NOVA)
    resolve_mentions(runtime)
    told(runtime, 2, "NovaLattice", "nova-lattice")
    assert rows(runtime.connection, DEALS) == [(1, None, 2)]


def test_taking_a_merge_back_gives_what_was_before_and_it_is_not_made_again(runtime: Runtime, taught: Any) -> None:
    told(runtime, 1, NOVA)
    taught(Organisation("nova-lattice", "NovaLattice", "neocloud"), NOVA)
    resolve_mentions(runtime)
    (merged,) = list_provisional(runtime.connection, merged=True)
    undo_organisation_merge(runtime.connection, merged["merge_id"], "ann", "another firm", NOW)
    for _ in range(2):
        assert resolve_mentions(runtime)["organisations"] == 0
        assert rows(runtime.connection, PROVIDERS) == [(IDS[NOVA],)]
    mark_stale(runtime.connection)
    resolve_mentions(runtime)
    assert rows(runtime.connection, PROVIDERS) == [(IDS[NOVA],)]
    with pytest.raises(UsageError, match="undone already"):
        undo_organisation_merge(runtime.connection, merged["merge_id"], "ann", "again", NOW)


def test_an_ambiguous_spelling_merges_nothing_by_itself(runtime: Runtime, taught: Any) -> None:
    told(runtime, 1, NOVA)
    taught(Organisation("nova-lattice", "NovaLattice", "neocloud"), NOVA, ambiguous=True)
    assert resolve_mentions(runtime)["organisations"] == 0


def test_no_name_is_folded_into_another_by_its_beginning(runtime: Runtime, taught: Any) -> None:
    told(runtime, 1, "Nova Lattice Biotech Holding")
    taught(Organisation("nova-lattice", "Nova Lattice", "neocloud"))
    assert resolve_mentions(runtime)["organisations"] == 0


def test_a_spelling_of_two_organisations_means_neither() -> None:
    two = {key: Organisation(key, key, "neocloud") for key in ("one", "other")}
    aliases = tuple(Alias("Twin Peak Compute", key, False, ()) for key in two)
    assert known_by_now(Gazetteer(two, aliases)) == {}


def test_a_person_merges_provisional_ones_and_what_follows_goes_along(runtime: Runtime, taught: Any) -> None:
    told(runtime, 1, OTHER)
    told(runtime, 2, NOVA)
    assert [deal[1] for deal in rows(runtime.connection, DEALS)] == [None, None]
    first = merge_organisations(runtime.connection, IDS[OTHER], IDS[NOVA], "ann", "short for it", NOW)
    resolve_mentions(runtime)
    assert rows(runtime.connection, DEALS) == [(1, None, 2), (2, 1, 1)]
    taught(Organisation("nova-lattice", "NovaLattice", "neocloud"), NOVA)
    resolve_mentions(runtime)
    assert rows(
        runtime.connection, "SELECT organisation_id FROM deal.deal_party WHERE deal_id = 1 AND role = 'provider'"
    ) == [("nova-lattice",)]
    undo_organisation_merge(runtime.connection, first, "ann", "two firms", NOW)
    resolve_mentions(runtime)
    ends = dict(
        rows(runtime.connection, "SELECT organisation_id, merged_into FROM deal.organisation WHERE provisional")
    )
    assert (ends[IDS[OTHER]], ends[IDS[NOVA]]) == (None, "nova-lattice")


@pytest.mark.parametrize(
    ("organisation", "into", "error", "said"),
    [
        ("x:nobody", "openai", NotFoundError, "x:nobody"),
        (IDS[NOVA], "nobody", NotFoundError, "nobody"),
        (IDS[NOVA], IDS[NOVA], UsageError, "itself"),
        ("openai", IDS[NOVA], UsageError, "only provisional"),
    ],
)
def test_merges_that_make_no_sense_are_refused(
    runtime: Runtime, organisation: str, into: str, error: type[Exception], said: str
) -> None:
    from dealwire.store.organisations import sync_organisations

    sync_organisations(runtime.connection, list(load_gazetteer().organisations.values()))
    told(runtime, 1, NOVA)
    with pytest.raises(error, match=said):
        merge_organisations(runtime.connection, organisation, into, "ann", "x", NOW)


def test_circles_are_refused(runtime: Runtime) -> None:
    told(runtime, 1, OTHER)
    told(runtime, 2, NOVA)
    merge_organisations(runtime.connection, IDS[OTHER], IDS[NOVA], "ann", "x", NOW)
    resolve_mentions(runtime)
    with pytest.raises(UsageError, match="itself"):
        merge_organisations(runtime.connection, IDS[NOVA], IDS[OTHER], "ann", "x", NOW)


def test_the_command_lists_merges_and_takes_back(
    runtime: Runtime,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(runtime, 1, OTHER)
    told(runtime, 2, NOVA)
    parts = parse_dsn(database_url)
    monkeypatch.setenv("DATABASE_URL", "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**parts))
    monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path / "home"))
    assert main(["organisations", "list"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["mentions"] for row in listed if row["organisation_id"] in IDS.values()] == [1, 1]
    assert main(["organisations", "merge", IDS[OTHER], IDS[NOVA], "--reason", "short for it", "--by", "ann"]) == 0
    assert "organisations undo" in capsys.readouterr().err
    assert rows(runtime.connection, DEALS) == [(1, None, 2), (2, 1, 1)]
    assert main(["organisations", "list", "--merged"]) == 0
    (merged,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (merged["made_by"], merged["reason"]) == ("ann", "short for it")
    assert main(["organisations", "undo", str(merged["merge_id"]), "--reason", "two firms"]) == 0
    assert (
        rows(runtime.connection, "SELECT count(*) FROM deal.deal WHERE merged_into IS NULL AND source_count > 0")[0][0]
        == 2
    )
    assert main(["organisations", "undo", "99", "--reason", "x"]) in (1, 2)
    assert "no merge of organisations" in capsys.readouterr().err
