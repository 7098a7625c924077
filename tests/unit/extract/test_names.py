"""Folding of names and provisional identities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealwire.extract.names import fold_name, most_similar, plain, provisional_id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nebius Group N.V.", "Nebius"),
        ("Siemens AG", "SIEMENS"),
        ("Telefónica S.A.", "Telefonica"),
        ("Ørsted A/S", "Orsted"),
        ("株式会社日立製作所", "日立製作所"),
        ("腾讯控股有限公司", "腾讯"),
        ("Lowe’s", "Lowe's"),
        ("Foo GmbH & Co. KG", "Foo"),
        ("ＫＤＤＩ", "KDDI"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Core Scientific", "Core42"),
        ("アーム", "アームズ"),
        ("パナソニック", "ハナソニック"),
        ("Data4", "Data5"),
        ("中国移动", "中国联通"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_a_name_of_legal_forms_alone_keeps_them() -> None:
    assert fold_name("The Group AG") == "the group ag"


def test_provisional_ids_are_stable_over_spellings() -> None:
    assert provisional_id("Halden Compute AS") == provisional_id("HALDEN COMPUTE") == "x:halden-compute"


def test_near_spellings_link_but_figures_and_first_letters_must_agree() -> None:
    known = {"core scientific": "a", "team8 ventures": "b", "nexgen cloud": "c"}
    assert most_similar("Core Scientfic", known) == "core scientific"
    assert most_similar("Team9 Ventures", known) is None
    assert most_similar("Dexgen Cloud", known) is None
    assert most_similar("Core", known) is None


def test_a_shared_beginning_makes_no_near_spelling() -> None:
    assert most_similar("Government of Niger", {"government of nigeria": "a"}) is None
    assert most_similar("Core Weave", {"coreweave": "a"}) == "coreweave"


@given(st.text(max_size=80))
def test_folding_is_idempotent_and_never_fails(name: str) -> None:
    assert plain(plain(name)) == plain(name)
    assert provisional_id(name).startswith("x:")
