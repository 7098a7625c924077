"""Precision and recall of near-duplicates on articles with planted copies; no two of the articles are one text.

    bench/near_duplicates.py [GOLD.jsonl …]

Without a file all of tests/gold. Each line has `title` and `text`. Planted for each article: a wire copy (another head
and foot), a reprint with another headline, half of the text, every tenth word changed, every fourth word changed, the
sentences reordered. Templates that differ in names and figures only must stay apart: one per article, its numbers and
names replaced.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "plugins")]

from dealwire.news.near_duplicates import THRESHOLD, Index, signature  # noqa: E402

GOLD = ("dev.jsonl", "train_en.jsonl", "train_intl.jsonl")
KINDS = ("wire copy", "reprint", "half", "10 % of words", "25 % of words", "reordered", "template")


def changed(text: str, share: float, chance: random.Random) -> str:
    words = text.split(" ")
    return " ".join(chance.choice(words) if chance.random() < share else word for word in words)


def template(text: str, chance: random.Random) -> str:
    """The same sentences about other companies and other sums."""
    names: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match[0]
        if word[0].isdigit():
            return str(chance.randint(2, 9_999))
        return names.setdefault(
            word, "".join(chance.choice("bcdfgklmnprst") + chance.choice("aeiou") for _ in range(3)).title()
        )

    return re.sub(r"[0-9][0-9.,]*|\b[A-Z][\w-]{2,}", other, text)


def variant(kind: str, title: str, text: str, chance: random.Random) -> str:
    if kind == "wire copy":
        return f"BIGTOWN, Nov 3 (Wire) - {text}\n\nReporting by nobody; editing by nobody else."
    if kind == "reprint":
        return f"Another headline altogether\n\n{text}"
    if kind == "half":
        return text[: len(text) // 2]
    if kind.endswith("words"):
        return changed(text, 0.1 if kind.startswith("10") else 0.25, chance)
    if kind == "reordered":
        sentences = re.split(r"(?<=[.!?。])\s*", text)
        chance.shuffle(sentences)
        return " ".join(sentences)
    return template(f"{title}\n\n{text}", chance)


def main() -> None:
    files = [Path(name) for name in sys.argv[1:]] or [ROOT / "tests" / "gold" / name for name in GOLD]
    articles = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    articles = [article for article in articles if len(article["text"]) > 600]
    chance = random.Random(7)
    index = Index()
    for number, article in enumerate(articles):
        index.add(number, signature(f"{article['title']}\n\n{article['text']}"))
    originals = sum(
        bool([key for _, key in index.matches(signature(f"{a['title']}\n\n{a['text']}")) if key != n])
        for n, a in enumerate(articles)
    )
    found: dict[str, int] = defaultdict(int)
    planted: dict[str, int] = defaultdict(int)
    wrong = 0
    for number, article in enumerate(articles):
        for kind in KINDS:
            matches = index.matches(signature(variant(kind, article["title"], article["text"], chance)))
            planted[kind] += 1
            found[kind] += any(key == number for _, key in matches)
            wrong += sum(key != number for _, key in matches)
    print(f"{len(articles)} articles, threshold {THRESHOLD}; articles that match another one: {originals}")
    for kind in KINDS:
        print(f"{kind:15} found {found[kind]:4} of {planted[kind]:4}{'  (must be 0)' if kind == 'template' else ''}")
    right = sum(found[kind] for kind in KINDS if kind != "template")
    print(f"precision {right / max(right + wrong + found['template'], 1):.4f}, matches with a foreign article: {wrong}")


if __name__ == "__main__":
    main()
