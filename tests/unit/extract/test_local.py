"""The local reader end to end: a clear article, proof for every value, and text that nobody should send."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dealwire.extract.gold import read_gold
from dealwire.extract.local import EXTRACTOR_VERSION, extract
from dealwire.extract.record import label_to_json, mention_to_json
from dealwire.model import ROLES_OF_KIND, Article, Mention

CLOUD = Article(
    id="cloud",
    title="Anthropic signs $12 billion cloud contract with CoreWeave",
    text=(
        "Anthropic has signed a contract to rent GPU computing capacity from CoreWeave for $12 billion over six years, "
        "the two companies announced on 3 March 2026. The cloud provider will supply it from data centers in Texas.\n\n"
        "CoreWeave expects revenue of $9 billion this year and has a market value of $61 billion. Shares rose 7%."
    ),
    published=date(2026, 3, 4),
    lang="en",
)
NOTHING = Article(
    id="nothing",
    title="Nvidia beats forecasts with record quarterly revenue",
    text="Nvidia reported revenue of $61 billion for the quarter. Net income rose to $33 billion. Shares gained 3%.",
    published=date(2026, 2, 20),
    lang="en",
)


@pytest.fixture(scope="module")
def cloud() -> Mention:
    news = [mention for mention in extract(CLOUD) if mention.salience == "primary"]
    assert len(news) == 1
    return news[0]


def test_a_clear_article_comes_out_right(cloud: Mention) -> None:
    assert cloud.kind == "compute_contract"
    assert cloud.status == "announced"
    assert {(party.name, party.role) for party in cloud.parties} == {
        ("CoreWeave", "provider"),
        ("Anthropic", "customer"),
    }
    assert (cloud.amount, cloud.currency) == (Decimal(12_000_000_000), "USD")


def test_quarterly_figures_are_no_deal() -> None:
    assert [mention for mention in extract(NOTHING) if mention.salience == "primary"] == []


def test_every_claim_quotes_the_body_exactly(cloud: Mention) -> None:
    for claim in cloud.claims:
        assert CLOUD.body[claim.start : claim.end] == claim.quote
        assert 0 <= claim.probability <= 1


def test_every_value_has_its_claim_and_the_learned_ones_their_reasons(cloud: Mention) -> None:
    fields = {claim.field for claim in cloud.claims}
    assert {"kind", "status", "amount", "currency", "party:provider:CoreWeave", "party:customer:Anthropic"} <= fields
    assert all(claim.features for claim in cloud.claims if claim.field in ("kind", "status", "amount"))


def test_roles_fit_the_kind() -> None:
    for mention in extract(CLOUD):
        assert all(party.role in ROLES_OF_KIND[mention.kind] for party in mention.parties)


def test_the_same_article_gives_the_same_mentions() -> None:
    assert extract(CLOUD) == extract(CLOUD)


def test_json_keeps_whole_units_and_evidence(cloud: Mention) -> None:
    row = mention_to_json(cloud)
    assert row["amount"] == 12_000_000_000
    assert row["announced_on"] == (cloud.announced_on.isoformat() if cloud.announced_on else None)
    assert all(CLOUD.body[e["start"] : e["end"]] == e["quote"] for e in row["evidence"])
    assert row["extractor_version"] == EXTRACTOR_VERSION


def test_a_reading_can_be_kept_as_a_label(cloud: Mention, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(label_to_json(CLOUD, [cloud], "anthropic-coreweave-2026-03")) + "\n", encoding="utf-8")
    (label,) = read_gold(path)
    assert label.article.body == CLOUD.body
    assert label.weight == 0.5
    assert (label.deals[0].parties[0].name, label.deals[0].amount) == (cloud.parties[0].name, cloud.amount)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", ""),
        ("", "OpenAI buys nothing."),
        ("\x00\u202e\ufeff", "\ud800 broken \udfff surrogates and $5 billion"),
        ("A deal", "OpenAI " * 400 + "signs with Oracle for $3 billion"),
        ("Numbers", "1234567890" * 3000),
        ("Signs", "$€£¥" * 3000),
        ("Words", "acquisition of OpenAI by Oracle for $1bn and " * 400),
        ("日本語", "ソフトバンクがオープンAIに出資する。" * 200),
    ],
)
def test_odd_text_raises_nothing_and_stays_quick(title: str, text: str) -> None:
    article = replace(CLOUD, title=title, text=text, lang=None)
    extract(replace(NOTHING, lang=None))  # tables and the language model load once
    began = time.process_time()
    for mention in extract(article):
        for claim in mention.claims:
            assert article.body[claim.start : claim.end] == claim.quote
    assert time.process_time() - began < 3
