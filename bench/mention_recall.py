"""How many of the labelled values stand among the mention finders' candidates, per language.

    .venv/bin/python bench/mention_recall.py [--misses N] [tests/gold/*.jsonl]

A candidate only has to be found; which one belongs to which deal is the scorers' work. Also prints the finders' speed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "plugins"))

from dealwire.extract.cues import find_cues  # noqa: E402
from dealwire.extract.dates import find_dates  # noqa: E402
from dealwire.extract.language import detect_language, load_language  # noqa: E402
from dealwire.extract.money import find_money  # noqa: E402
from dealwire.extract.quantities import find_quantities  # noqa: E402
from dealwire.extract.terms import find_terms  # noqa: E402
from dealwire.extract.text import sentences  # noqa: E402

FIELDS = ("amount", "amount+cur", "qualifier", "valuation", "term", "date", "capacity", "cap.qual")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path, default=sorted((ROOT / "tests" / "gold").glob("*.jsonl")))
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    rows = [json.loads(line) for path in options.gold for line in path.read_text(encoding="utf-8").splitlines()]
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    candidates: dict[str, list[int]] = defaultdict(list)
    misses: list[str] = []
    for row in rows:
        for field, ok, note in _check(row, candidates):
            found[row["lang"], field].append(ok)
            found["all", field].append(ok)
            if not ok:
                misses.append(f"{row['id']} {field} {note}")
    _table(rows, found, candidates)
    _speed(rows)
    for line in misses[: options.misses]:
        print(line)


def _check(row: dict[str, Any], candidates: dict[str, list[int]]) -> Iterator[tuple[str, int, str]]:
    language = load_language(row["lang"])
    body = f"{row['title']}\n\n{row['text']}"
    published = date.fromisoformat(row["published"]) if row["published"] else None
    moneys = find_money(body, language)
    quantities = find_quantities(body, language)
    terms = {term.months for term in find_terms(body, language)}
    dates = {mention.on for mention in find_dates(body, language, published)}
    candidates[row["lang"]].append(len(moneys))
    for deal in row["deals"]:
        if deal["amount"] is not None:
            values = [m for m in moneys if float(m.high) == deal["amount"]]
            yield "amount", int(bool(values)), f"{deal['amount']:.4g} {deal['currency']}"
            hits = [m for m in values if m.currency == deal["currency"]]
            yield "amount+cur", int(bool(hits)), f"{deal['amount']:.4g} {deal['currency']} {[m.text for m in values]}"
            if hits:
                right = any(m.qualifier == deal["amount_qualifier"] for m in hits)
                yield (
                    "qualifier",
                    int(right),
                    f"{deal['amount_qualifier']} {[(m.qualifier, _around(body, m.start, m.end)) for m in hits]}",
                )
        if deal["valuation"] is not None:
            yield "valuation", int(any(float(m.high) == deal["valuation"] for m in moneys)), f"{deal['valuation']:.4g}"
        if deal["term_months"] is not None:
            yield "term", int(deal["term_months"] in terms), f"{deal['term_months']} {sorted(terms)}"
        if deal["announced_on"] is not None:
            on = date.fromisoformat(deal["announced_on"])
            yield "date", int(on in dates), f"{on} published {published} {sorted(str(d) for d in dates)}"
        for capacity in deal["capacity"]:
            same = [q for q in quantities if q.unit == capacity["unit"] and _equal(q.quantity, capacity["quantity"])]
            yield "capacity", int(bool(same)), f"{capacity} {[(q.text, q.unit) for q in quantities]}"
            if same:
                yield (
                    "cap.qual",
                    int(any(q.qualifier == capacity["qualifier"] for q in same)),
                    f"{capacity} {[(q.qualifier, q.text) for q in same]}",
                )


def _around(body: str, start: int, end: int) -> str:
    return body[max(0, start - 30) : start] + "[" + body[start:end] + "]" + body[end : end + 15]


def _equal(one: Any, other: Any) -> bool:
    return (one is None) == (other is None) and (one is None or float(one) == float(other))


def _table(
    rows: list[dict[str, Any]], found: dict[tuple[str, str], list[int]], candidates: dict[str, list[int]]
) -> None:
    print("lang  n    " + "".join(f"{field:>17}" for field in FIELDS) + "   amounts/article")
    for lang in ["all", *sorted({row["lang"] for row in rows})]:
        n = len(rows) if lang == "all" else sum(row["lang"] == lang for row in rows)
        cells = []
        for field in FIELDS:
            values = found.get((lang, field), [])
            cells.append(f"{sum(values) / len(values):.3f} ({sum(values)}/{len(values)})" if values else "-")
        counts = [c for key, values in candidates.items() if lang in ("all", key) for c in values]
        print(f"{lang:4}  {n:<5}" + "".join(f"{cell:>17}" for cell in cells) + f"   {sum(counts) / len(counts):.1f}")
    right = sum(detect_language(f"{row['title']}\n\n{row['text']}") == row["lang"] for row in rows)
    print(f"language detected: {right}/{len(rows)}")


def _speed(rows: list[dict[str, Any]]) -> None:
    articles = [(f"{row['title']}\n\n{row['text']}", len(row["title"]), load_language(row["lang"])) for row in rows]
    began = time.perf_counter()
    for body, title, language in articles:
        sentences(body, title, language)
        find_money(body, language)
        find_quantities(body, language)
        find_terms(body, language)
        find_dates(body, language, date(2026, 1, 1))
        find_cues(body, language)
    taken = time.perf_counter() - began
    characters = sum(len(body) for body, _, _ in articles)
    print(f"{taken / len(articles) * 1000:.2f} ms an article, {taken / characters * 2e6:.2f} ms per 2,000 characters")


if __name__ == "__main__":
    main()
