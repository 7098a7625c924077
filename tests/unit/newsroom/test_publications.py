"""The newsroom's articles: enough of them, dated on working days, and labelled in the gold's shape."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from newsroom.days import fill, working_day, written
from newsroom.labels import GOLD_FILE, REFERENCE_START, gold_text, labelled
from newsroom.publications import load_publications

from dealwire.model import KINDS, LANGUAGES, QUALIFIERS, ROLES_OF_KIND, STATUSES, UNITS

LINES = labelled(REFERENCE_START)
DEALS = [deal for line in LINES for deal in line["deals"]]


def test_the_gold_file_is_what_the_articles_say() -> None:
    assert GOLD_FILE.read_text("utf-8") == gold_text(), "run: PYTHONPATH=tests python -m newsroom.labels"


def test_there_is_enough_of_everything() -> None:
    languages_of = defaultdict(set)
    for line in LINES:
        languages_of[line["event"]].add(line["lang"])
    without = languages_of.pop(None)
    assert len(LINES) >= 30
    assert len(languages_of) >= 13
    assert {line["lang"] for line in LINES} == set(LANGUAGES)
    assert sum(len(languages) > 1 for languages in languages_of.values()) >= 8
    assert sum(not line["deals"] for line in LINES) >= 8
    assert len(without) >= 6
    assert {deal["kind"] for deal in DEALS} == set(KINDS)
    assert {deal["status"] for deal in DEALS} == set(STATUSES)


@pytest.mark.parametrize("line", LINES, ids=[line["id"] for line in LINES])
def test_a_line_has_the_shape_of_the_gold(line: dict) -> None:
    assert (line["event"] is None) == (not line["deals"])
    for deal in line["deals"]:
        assert {party["role"] for party in deal["parties"]} <= set(ROLES_OF_KIND[deal["kind"]])
        assert (deal["amount"] is None) == (deal["currency"] is None) == (deal["amount_qualifier"] is None)
        assert deal["amount_qualifier"] in (None, *QUALIFIERS)
        assert all(part["unit"] in UNITS for part in deal["capacity"])
        if deal["status"] == "rumored":
            assert deal["announced_on"] is None


def test_every_day_of_a_story_is_a_working_day_whatever_the_start() -> None:
    for offset in range(14):
        start = date(2026, 11, 16) + timedelta(days=offset)
        days = [working_day(start, ago) for ago in range(25)]
        assert all(day.weekday() < 5 and day <= start for day in days)
        assert len(set(days)) == 25
        published = {a.published_at.date() for p in load_publications(start) for a in p.articles}
        assert published <= set(days)


@pytest.mark.parametrize(
    ("language", "long", "weekday"),
    [
        ("en", "November 2, 2026", "Monday"),
        ("fr", "2 novembre 2026", "lundi"),
        ("de", "2. November 2026", "Montag"),
        ("es", "2 de noviembre de 2026", "lunes"),
        ("it", "2 novembre 2026", "lunedì"),
        ("pt", "2 de novembro de 2026", "segunda-feira"),
        ("nl", "2 november 2026", "maandag"),
        ("ja", "2026年11月2日", "月曜日"),
        ("zh", "2026年11月2日", "周一"),
    ],
)
def test_dates_are_written_in_the_language(language: str, long: str, weekday: str) -> None:
    day = date(2026, 11, 2)
    assert (written(day, "long", language), written(day, "weekday", language)) == (long, weekday)


def test_no_placeholder_is_left() -> None:
    assert fill("{0:day}", date(2026, 12, 1), "fr") == "1er décembre"
    assert not [line["id"] for line in LINES if "{" in line["title"] + line["text"]]
