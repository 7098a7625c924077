"""How many of the labelled parties are among the organisations found, and how many candidates that costs.

    .venv/bin/python bench/organisation_recall.py [--misses] [--unknown] tests/gold/*.jsonl

Two figures a language: with the whole gazetteer, and with every party of the labelled articles taken out of it, so that
all of them are met as companies nobody has listed. There a party counts as found where a candidate has any of its
spellings.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from pathlib import Path

from dealwire.extract.folded_names import fold
from dealwire.extract.gazetteer import Gazetteer, OrganisationMention, find_organisations, load_gazetteer
from dealwire.extract.gold import Labelled, read_gold
from dealwire.extract.language import load_language


def parties_of(article: Labelled) -> set[str]:
    return {party.name for deal in article.deals for party in deal.parties}


def spellings(table: Gazetteer) -> dict[str, set[str]]:
    """Folded name of an organisation -> its folded spellings."""
    by_name: dict[str, set[str]] = {}
    for organisation in table.organisations.values():
        forms = {fold(form) for form in (organisation.name, *organisation.aliases)}
        for form in forms:
            by_name.setdefault(form, set()).update(forms)
    return by_name


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("gold", nargs="+", type=Path)
    arguments.add_argument("--misses", action="store_true", help="list the parties that are not found")
    arguments.add_argument("--unknown", action="store_true", help="list the unknown names that are found")
    options = arguments.parse_args()
    articles = [article for path in options.gold for article in read_gold(path)]
    table = load_gazetteer()
    forms = spellings(table)
    wanted = {fold(name) for article in articles for name in parties_of(article)}
    party_ids = {
        organisation.id
        for organisation in table.organisations.values()
        if wanted & {fold(form) for form in (organisation.name, *organisation.aliases)}
    }
    print(f"{len(table.organisations)} organisations, {len(party_ids)} of them parties of the labelled articles")
    measure("whole gazetteer", articles, table, {}, options)
    measure("parties taken out", articles, table.without(party_ids), forms, options)


def measure(
    title: str, articles: list[Labelled], table: Gazetteer, forms: dict[str, set[str]], options: argparse.Namespace
) -> None:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    find_organisations("warm up\n\n", load_language("en"), table)
    started = time.process_time()
    found = [find_organisations(a.article.body, load_language(a.article.lang or "en"), table) for a in articles]
    seconds = time.process_time() - started
    for article, mentions in zip(articles, found, strict=True):
        for row in (article.article.lang or "en", "all"):
            count(counts[row], article, mentions, forms)
        if options.misses:
            for name in sorted(missing(article, mentions, forms)):
                print(f"  missed {article.article.id}: {name}")
        if options.unknown:
            names = sorted({m.name + ("?" if m.ambiguous else "") for m in mentions if not m.known})
            print(f"  {article.article.id}: {' | '.join(names)}")
    print(f"\n{title}: {1000 * seconds / len(articles):.2f} ms an article")
    print("lang  articles  parties  recall  candidates/article  of them unknown")
    for row, c in sorted(counts.items()):
        n = c["articles"]
        print(
            f"{row:4}  {n:8}  {c['parties']:7}  {c['found'] / max(1, c['parties']):.3f}  {c['candidates'] / n:18.1f}"
            f"  {c['unknown'] / n:15.1f}"
        )


def candidates(mentions: list[OrganisationMention], with_text: bool) -> set[str]:
    names = {fold(mention.name) for mention in mentions}
    return names | {fold(mention.text) for mention in mentions} if with_text else names


def missing(article: Labelled, mentions: list[OrganisationMention], forms: dict[str, set[str]]) -> set[str]:
    """The parties without a candidate. `forms` not empty: any spelling of the party will do."""
    found = candidates(mentions, bool(forms))
    return {name for name in parties_of(article) if not found & ({fold(name)} | forms.get(fold(name), set()))}


def count(
    counter: Counter[str], article: Labelled, mentions: list[OrganisationMention], forms: dict[str, set[str]]
) -> None:
    parties = parties_of(article)
    counter["articles"] += 1
    counter["parties"] += len(parties)
    counter["found"] += len(parties) - len(missing(article, mentions, forms))
    counter["candidates"] += len({mention.organisation_id for mention in mentions})
    counter["unknown"] += len({mention.organisation_id for mention in mentions if not mention.known})


if __name__ == "__main__":
    main()
