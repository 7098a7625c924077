from __future__ import annotations

import random

from dealwire.news.near_duplicates import THRESHOLD, Index, group, signature, similarity

NOUNS = (
    "river", "hall", "chip", "wind", "mast", "cable", "tower", "field", "port", "bridge", "plant", "market", "street",
    "city", "harbour", "valley", "road", "mine",
)  # fmt: skip
VERBS = ("build", "sell", "move", "open", "close", "plan", "repair", "measure", "paint", "carry", "delay", "find")
NAMES = ("Amberline", "Borealis", "Cindervale", "Dunmoor", "Eastmarch", "Fallowgate", "Greyhaven", "Hollowbrook")


def text(seed: int, words: int = 220) -> str:
    """Nonsense that reads like nothing else: about one name and one number in twelve words."""
    chance = random.Random(seed)
    drawn = []
    for _ in range(words):
        kind = chance.random()
        drawn.append(
            f"{chance.choice(NAMES)}{chance.randint(1, 400)}" if kind < 0.05
            else str(chance.randint(2, 9_999)) if kind < 0.1
            else chance.choice(VERBS) + chance.choice(["", "ing", "ed"]) if kind < 0.45
            else chance.choice(NOUNS) + chance.choice(["", "s", "side", "head"])
        )  # fmt: skip
    return " ".join(drawn) + "."


def edited(original: str, share: float, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(NOUNS) if chance.random() < share else word for word in original.split())


def test_copies_excerpts_and_edits_are_one_text() -> None:
    for seed in range(20):
        original = text(seed)
        words = original.split()
        for copy in (original, f"BIGTOWN (Wire) - {original} Copyright.", " ".join(words[: len(words) // 2])):
            assert similarity(signature(original), signature(copy)) >= THRESHOLD
        assert similarity(signature(original), signature(edited(original, 0.1, seed))) >= THRESHOLD


def test_different_texts_are_not() -> None:
    signatures = [signature(text(seed)) for seed in range(150)]
    assert group(signatures) == list(range(150))


def table(day: int) -> str:
    chance = random.Random(day)
    rows = " ".join(
        f"Shares of {name} closed at {chance.randint(10, 9_999)}.{chance.randint(10, 99)} points, a change of "
        f"{chance.randint(1, 99)}.{chance.randint(10, 99)} per cent against the day before."
        for name in NAMES
    )
    return f"Market table of the exchange. All figures without warranty. {rows} The next table follows tomorrow."


def test_tables_with_other_figures_are_not_one_text() -> None:
    signatures = [signature(table(day)) for day in range(12)]
    assert group(signatures) == list(range(12))


def test_groups_name_their_first() -> None:
    a, b = text(1), text(2)
    assert group([signature(t) for t in (a, b, edited(a, 0.1, 5), b)]) == [0, 1, 0, 1]


def test_unspaced_writing() -> None:
    original = (
        "架空の会社が川のそばに三つの建物を建てると発表した。費用は五年間で公表されていない。風力発電所から電力を買うという。"
        * 2
    )
    other = (
        "別の町では市場が開かれ、人々は朝から並んだ。魚も野菜も昨年より高いという声が多い。雨のため午後には閉められた。"
        * 2
    )
    assert similarity(signature(original), signature(original[:60])) >= THRESHOLD
    assert similarity(signature(original), signature(other)) < THRESHOLD


def test_too_little_text_is_never_the_same() -> None:
    assert similarity(signature("Short one"), signature("Short two")) == 0.0
    assert similarity(signature(""), signature("")) == 0.0


def test_many_added_at_once_are_found_like_single_ones() -> None:
    chance = random.Random(7)
    texts = [" ".join(f"word{chance.randrange(997)}" for _ in range(60)) for _ in range(300)]
    texts += [texts[5] + " and one word more", texts[280]]
    signed = [(key, signature(text)) for key, text in enumerate(texts)]
    single, together = Index(), Index()
    for key, one in signed:
        single.add(key, one)
    together.extend(signed[:290])
    together.extend(signed[290:])  # few enough to be added one by one
    for _, one in signed:
        assert together.matches(one) == single.matches(one)
    assert [key for _, key in together.matches(signed[280][1])] == [280, 301]
