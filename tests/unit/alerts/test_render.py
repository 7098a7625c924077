"""What people read. The figure stands first, and its qualifier is honest."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from alert_samples import COMPUTE, NOW, SOURCES, change, deal
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwire.alert_model import AlertEvent, LastAlert
from dealwire.alerts.catalogues import load_catalogue
from dealwire.alerts.message import deal_link, one_line, safe_link
from dealwire.alerts.payload import alert_payload, correction_payload
from dealwire.alerts.render import render
from dealwire.alerts.rules import Rule
from dealwire.deal_model import DealChange, Source
from dealwire.model import KINDS, ROLES, ROLES_OF_KIND, STATUSES, UNITS, Capacity, Party
from dealwire.web import pages

RULE = Rule("mega-deals")


def shown(told: DealChange, event: AlertEvent = "new", lang: str = "en", last: LastAlert | None = None) -> str:
    return render(alert_payload(told, event, RULE, last), "text", lang).title


@pytest.mark.parametrize(
    ("values", "english", "french"),
    [
        ({}, "$38bn over 7 years", "38 Md$ sur 7 ans"),
        ({"amount_qualifier": "up_to"}, "Up to $38bn over 7 years", "Jusqu’à 38 Md$ sur 7 ans"),
        ({"amount_qualifier": "approx"}, "About $38bn over 7 years", "Environ 38 Md$ sur 7 ans"),
        ({"amount_qualifier": "at_least"}, "More than $38bn over 7 years", "Plus de 38 Md$ sur 7 ans"),
        ({"term_months": None}, "$38bn", "38 Md$"),
        ({"term_months": 18}, "$38bn over 1.5 years", "38 Md$ sur 1,5 ans"),
        ({"term_months": 12}, "$38bn over 1 year", "38 Md$ sur 1 an"),
        ({"term_months": 7}, "$38bn over 7 months", "38 Md$ sur 7 mois"),
        ({"amount": Decimal("1.4e12"), "term_months": None}, "$1.4tn", "1\u202f400 Md$"),
        ({"amount": Decimal("999500000"), "term_months": None}, "$999.5m", "999,5 M$"),
        ({"amount": Decimal("12345"), "term_months": None}, "$12,345", "12\u202f345 $"),
        ({"amount_basis": "per_year", "term_months": None}, "$38bn a year", "38 Md$ par an"),
        (
            {"amount_low": Decimal(30_000_000_000), "amount_high": Decimal(38_000_000_000), "term_months": None},
            "$30bn to $38bn",
            "De 30 Md$ à 38 Md$",
        ),
        (
            {"currency": "EUR", "amount": Decimal(2_500_000_000), "amount_usd": Decimal("2871234567.8"),
             "term_months": None},
            "€2.5bn (about $2.9bn)",
            "2,5 Md€ (environ 2,9 Md$)",
        ),
        (
            {"currency": "SEK", "amount": Decimal(3_000_000_000), "amount_usd": None, "term_months": None},
            "SEK 3bn",
            "3 Md SEK",
        ),
        (
            {"amount": None, "currency": None, "amount_usd": None, "term_months": None},
            "Value not disclosed",
            "Montant non communiqué",
        ),
        (
            {"amount": None, "currency": None, "amount_usd": None, "term_months": None,
             "capacity": (Capacity(Decimal("1.5"), "GW", "up_to"),)},
            "Up to 1.5 GW",
            "Jusqu’à 1,5 GW",
        ),
        ({"status": "rumored"}, "$38bn over 7 years (rumoured)", "38 Md$ sur 7 ans (rumeur)"),
        ({"disputed": True}, "$38bn over 7 years (disputed)", "38 Md$ sur 7 ans (contesté)"),
    ],
)  # fmt: skip
def test_the_figure_stands_first(values: dict[str, Any], english: str, french: str) -> None:
    told = change(deal(**values))
    assert shown(told).replace("\u00a0", " ") == f"{english}: OpenAI buys compute from Amazon Web Services"
    found = shown(told, lang="fr").replace("\u00a0", " ")
    assert found == f"{french} : OpenAI achète de la puissance de calcul à Amazon Web Services"


def test_a_changed_value_says_what_it_was_when_it_was_last_told() -> None:
    last = LastAlert("mega-deals", "new", alert_payload(change(), "new", RULE, None))
    step = deal(amount=Decimal(40_000_000_000))
    grown = deal(amount=Decimal(50_000_000_000), amount_qualifier="up_to")
    told = change(grown, step, version=3)
    assert shown(told, "value_changed", last=last).startswith("Up to $50bn over 7 years (was $38bn): OpenAI")
    body = render(alert_payload(told, "value_changed", RULE, last), "text").body
    assert "Changed: value $38bn → up to $50bn\n" in body


def test_a_status_and_a_correction_are_told_in_the_title() -> None:
    cancelled = change(deal(status="cancelled"), COMPUTE)
    assert shown(cancelled, "status_changed").startswith("$38bn over 7 years (cancelled): OpenAI")
    last = LastAlert("mega-deals", "new", alert_payload(change(), "new", RULE, None))
    retracted = render(correction_payload(last, change(cause="retracted")), "text")
    assert retracted.title.startswith("Correction, does not stand: $38bn over 7 years: OpenAI")
    assert "The earlier alert does not stand." in retracted.body
    merged = render(correction_payload(last, change(merged_into=7)), "text")
    assert merged.title.startswith("Correction, told before: $38bn")


def test_the_body_lets_a_reader_judge() -> None:
    body = render(
        alert_payload(change(), "new", RULE, None), "text", page_url="https://d.example/deals", reference="r1"
    ).body
    assert body.splitlines() == [
        "Kind: Compute contract, announced on 3 November 2025",
        "Parties: Amazon Web Services (provider), OpenAI (customer)",
        "Value: $38bn, reported as “38 milliards de dollars”",
        "Term: 7 years",
        "Capacity: a number of GPUs that was not given (NVIDIA GB200)",
        "Confidence: 97%",
        "Sources: 3 reports, 2 independent, first Le Quotidien du Nuage, 3 November 2025, officially confirmed "
        "https://quotidien.example/openai-amazon",
        "Evidence: “OpenAI versera 38 milliards de dollars à Amazon Web Services en sept ans.” "
        "(Le Quotidien du Nuage, in French)",
        "More: https://d.example/deals/deal/1",
        "(r1)",
    ]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_headline_for_whatever_parties_are_known(kind: Any, lang: str) -> None:
    roles = ROLES_OF_KIND[kind]
    everybody = tuple(Party(f"Firm {number}", role) for number, role in enumerate(roles))
    for parties in ((), everybody[:1], everybody[1:], everybody, everybody + everybody):
        title = shown(change(deal(kind=kind, parties=parties)), lang=lang)
        assert "{" not in title
        named = [party.name for party in parties if party.name in title]
        assert named or not parties


def test_catalogues_have_the_same_texts_and_names() -> None:
    english, french = load_catalogue("en").texts, load_catalogue("fr").texts
    for section, texts in english.items():
        assert texts.keys() == french[section].keys(), section
        for key, text in texts.items():
            for one, other in zip(
                *([t] if isinstance(t, str) else t for t in (text, french[section][key])), strict=True
            ):
                assert names(one) == names(other), f"{section}.{key}"
    assert set(english["kind"]) == set(KINDS) == set(english["headline"])
    assert set(english["role"]) == set(ROLES)
    assert set(english["status"]) == set(STATUSES)
    assert set(english["unit"]) - {"unknown"} == set(UNITS)


def names(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name}


def test_an_unknown_language_is_english() -> None:
    assert load_catalogue("xx").code == "en"


ANY = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=80)
@given(ANY, ANY, st.sampled_from(["text", "markdown", "slack", "html"]), st.sampled_from(["en", "fr"]), st.booleans())
def test_any_text_gives_a_title_of_one_line(name: str, quote: str, form: Any, lang: str, repeat: bool) -> None:
    source = replace(SOURCES[0], publisher=name, quote=quote, url=quote)
    told = change(deal(parties=(Party(name, "customer"),), amount_text=quote), sources=(source,))
    payload = alert_payload(told, "new", RULE, None)
    for payloads in (payload, [payload, payload]):
        found = render(payloads, form, lang, possible_repeat=repeat)
        assert len(found.title.splitlines()) == 1
        assert len(found.title) <= 500
        assert found.title == found.title.strip() != ""
        assert found.body


def test_one_line_keeps_words_apart_and_narrow_spaces() -> None:
    assert one_line("a\r\nb\u2028c\x00\x1b[0m\u202ed 1\u202f400\u00a0Md", 40) == "a b c[0md 1\u202f400\u00a0Md"
    assert one_line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://a.example/ b", "https://a.example/>x", "https://user@a.example/", "https://", "",
     None, "ftp://a.example/", "https://a.example/\u2028", "http://[::1", "//a.example/", "https://a.example/|x"],
)  # fmt: skip
def test_only_whole_web_addresses_become_links(url: str | None) -> None:
    assert safe_link(url) is None
    assert safe_link("https://a.example/x?y=1&z=(2)#f") is not None


@settings(max_examples=60)
@given(st.integers(60, 3000), st.sampled_from(["text", "markdown", "slack"]), st.integers(0, 60), st.integers(0, 500))
def test_a_message_keeps_to_what_its_service_takes(limit: int, form: Any, count: int, length: int) -> None:
    source = replace(SOURCES[0], quote="word " * length)
    payload = alert_payload(change(sources=(source,)), "new", RULE, None)
    found = render([payload] * count if count > 1 else payload, form, page_url="https://d.example/deals", limit=limit)
    assert len(found.title) + len(found.body) <= limit
    assert found.title


def test_a_short_message_keeps_the_figure_and_the_link() -> None:
    payload = alert_payload(change(), "new", RULE, None)
    found = render(payload, "text", page_url="https://d.example/deals", reference="r1", limit=160)
    assert found.title == "$38bn over 7 years: OpenAI buys compute from Amazon Web Services"
    assert found.body.splitlines()[-2:] == ["More: https://d.example/deals/deal/1", "(r1)"]


def test_a_digest_that_is_too_long_counts_what_it_leaves_out() -> None:
    alerts = [alert_payload(change(deal_id=number), "new", RULE, None) for number in range(1, 31)]
    found = render(alerts, "text", page_url="https://d.example/deals", limit=1000)
    assert found.body.splitlines()[0] == "and 25 more"
    assert len(found.body.splitlines()) == 6


def test_the_link_leads_to_a_page_that_there_is() -> None:
    link = deal_link("https://d.example/deals", 7)
    assert link == "https://d.example/deals/deal/7"
    assert "/deal/{deal_id}" in {getattr(route, "path", "") for route in pages.router.routes}


def test_a_change_is_proven_by_the_report_that_brought_it() -> None:
    sources = [
        Source(f"Outlet {n}", "t", None, "en", NOW + timedelta(hours=n), n == 1, f"Sentence {n}.") for n in range(15)
    ]
    changed = change(deal(amount=Decimal("50e9")), before=deal(), sources=tuple(sources))
    payload = alert_payload(changed, "value_changed", Rule("mega"), None)
    assert len(payload["sources"]) == 10
    shown = render(payload, "text").body
    assert "“Sentence 14.” (Outlet 14)" in shown
    assert "first Outlet 0" in shown
    first = render(alert_payload(change(sources=tuple(sources)), "new", Rule("mega"), None), "text").body
    assert "“Sentence 1.” (Outlet 1)" in first  # the official one
