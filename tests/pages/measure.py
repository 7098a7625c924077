"""How much of a text was found: macro precision and recall over shingles of four tokens, as page benchmarks do it."""

from __future__ import annotations

import re
from collections import Counter

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.lower())
    return Counter(tuple(tokens[at : at + 4]) for at in range(max(1, len(tokens) - 3)))


def precision_and_recall(found: str, wanted: str) -> tuple[float, float]:
    ours, gold = _shingles(found), _shingles(wanted)
    both = sum((ours & gold).values())
    return (both / sum(ours.values()) if found.strip() else 0.0), both / sum(gold.values())


def f1(found: str, wanted: str) -> float:
    precision, recall = precision_and_recall(found, wanted)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
