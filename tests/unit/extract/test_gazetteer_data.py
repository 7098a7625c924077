"""The gazetteer's data: well-formed, consistent, and large enough to be worth its name."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from dealwire.extract.gazetteer import TYPES, load_gazetteer

GAZETTEER = load_gazetteer()
ORGANISATIONS = list(GAZETTEER.organisations.values())


def test_holds_the_organisations_of_the_trade() -> None:
    assert len(ORGANISATIONS) >= 3000
    assert {organisation.type for organisation in ORGANISATIONS} == set(TYPES)


def test_ids_are_slugs_and_countries_are_codes() -> None:
    assert [o.id for o in ORGANISATIONS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", o.id)] == []
    assert [o.id for o in ORGANISATIONS if o.country and not re.fullmatch("[A-Z]{2}", o.country)] == []


def test_parents_are_known_and_nobody_is_his_own_ancestor() -> None:
    for organisation in ORGANISATIONS:
        seen = {organisation.id}
        parent = organisation.parent
        while parent is not None:
            assert parent in GAZETTEER.organisations, f"{organisation.id}: unknown parent {parent}"
            assert parent not in seen, f"{organisation.id}: circle of parents"
            seen.add(parent)
            parent = GAZETTEER.organisations[parent].parent


def test_a_clear_spelling_means_one_organisation() -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for alias in GAZETTEER.aliases:
        if not alias.ambiguous:
            owners[alias.text].add(alias.organisation_id)
    assert {text: ids for text, ids in owners.items() if len(ids) > 1} == {}


def test_no_spelling_is_empty_or_padded() -> None:
    assert [alias for alias in GAZETTEER.aliases if alias.text != alias.text.strip() or len(alias.text) < 1] == []


@pytest.mark.parametrize(
    ("unit", "parent", "country", "type_id"),
    [
        ("amazon-web-services", "amazon", "US", "hyperscaler"),
        ("google-cloud", "google", "US", "hyperscaler"),
        ("google", "alphabet", "US", "hyperscaler"),
        ("stackit", "schwarz-group", "DE", "cloud_provider"),
        ("scaleway", "iliad", "FR", "cloud_provider"),
        ("coreweave", None, "US", "neocloud"),
        ("iren", None, "AU", "bitcoin_miner_host"),
        ("reuters", "thomson-reuters", "GB", "media"),
        ("arm", "softbank", "GB", "chip_designer"),
    ],
)
def test_well_known_facts(unit: str, parent: str | None, country: str, type_id: str) -> None:
    organisation = GAZETTEER.organisations[unit]
    assert (organisation.parent, organisation.country, organisation.type) == (parent, country, type_id)


@pytest.mark.parametrize(
    ("name", "organisation_id"),
    [
        ("Nebius Group N.V.", "nebius"),
        ("NVIDIA Corporation", "nvidia"),
        ("Telefonica", "telefonica"),
        ("AWS", "amazon-web-services"),
        ("エヌビディア", "nvidia"),
        ("株式会社日立製作所", "hitachi"),
        ("Cerebras Systems, Inc.", "cerebras"),
        ("Hewlett Packard Enterprize", "hewlett-packard-enterprise"),
    ],
)
def test_resolves_a_name(name: str, organisation_id: str) -> None:
    found = GAZETTEER.resolve_name(name)
    assert found is not None and found.id == organisation_id


@pytest.mark.parametrize("name", ["Zebrafinch Holdings Nine", "Acme", "Aker Solutions Nine", "Qz"])
def test_resolves_no_name_that_it_does_not_know(name: str) -> None:
    assert GAZETTEER.resolve_name(name) is None


def test_can_forget_organisations() -> None:
    smaller = GAZETTEER.without({"nvidia"})
    assert "nvidia" not in smaller.organisations
    assert smaller.resolve_name("Nvidia") is None
    assert len(smaller.organisations) == len(ORGANISATIONS) - 1
