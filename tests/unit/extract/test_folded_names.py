from __future__ import annotations

import pytest

from dealwire.extract.folded_names import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nebius Group NV", "Nebius"),
        ("Mistral AI", "mistral"),
        ("Amazon.com, Inc.", "AWS"),
        ("Google Cloud", "Alphabet"),
        ("Télécom Labs", "Telecom"),
        ("The Meta Platforms Group", "Meta"),
        ("Blue Owl Capital", "Blue Owl"),
    ],
)
def test_forms_of_one_name_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Meta", "Metal"), ("Core Scientific", "CoreWeave"), ("日立", "富士通")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_name_of_legal_words_alone_is_kept() -> None:
    assert fold("Group Holdings") == "group holdings"


def test_folding_twice_changes_nothing() -> None:
    for name in ("Amazon Web Services", "Taiwan Semiconductor Manufacturing", "Cloud Data Centers", "TSMC"):
        assert fold(fold(name)) == fold(name)
