"""The pairs that are easy to get wrong, each with what must come of it. docs/resolution.md shows the same table."""

from __future__ import annotations

import pytest
from unit.resolve.made import PARENTS, capacity, mention, report

from dealwire.deal_model import Report
from dealwire.resolve.cluster import resolve

LAB = ("openai:customer", "aws:provider")
ROUND = {"kind": "equity_investment"}
SITE = {"kind": "datacenter"}

ONE_DEAL = {
    "the letter of intent and the contract": (
        report("a", "nvidia:investor", "openai:investee", amount=100e9, amount_qualifier="up_to", **ROUND,
               title="Nvidia and OpenAI sign letter of intent over $100 billion"),
        report("b", "nvidia:investor", "openai:investee", amount=100e9, amount_qualifier="up_to", **ROUND, day=70,
               title="Nvidia et OpenAI passent de la lettre d'intention au contrat"),
    ),
    "17.4 signed and up to 19.4": (
        report("a", "nebius:provider", "microsoft:customer", amount=17.4e9, title="Nebius signs $17.4bn deal"),
        report("b", "nebius:provider", "microsoft:customer", amount=19.4e9, amount_qualifier="up_to", day=1,
               title="Nebius: Microsoft-Vertrag über bis zu 19,4 Milliarden Dollar"),
    ),
    "the story republished 90 days later": (
        report("a", *LAB, amount=38e9, term_months=84, title="OpenAI signs $38 billion compute deal with Amazon"),
        report("b", *LAB, amount=38e9, term_months=84, day=90, story_id=None,
               title="OpenAI signs $38 billion compute deal with Amazon"),
    ),
    "a rumour and the announcement": (
        report("a", "google-cloud:provider", "meta:customer", amount=10e9, status="rumored"),
        report("b", "google-cloud:provider", "meta:customer", amount=10e9, day=4, title="Meta confirms contract"),
    ),
    "the agreement and the closing of a takeover": (
        report("a", "amd:acquirer", "zt-systems:target", amount=4.9e9, kind="acquisition"),
        report("b", "amd:acquirer", "zt-systems:target", amount=4.9e9, kind="acquisition", status="completed", day=224),
    ),
    "a takeover that is called off": (
        report("a", "meta:acquirer", "manus:target", kind="acquisition"),
        report("b", "meta:acquirer", "manus:target", amount=2e9, kind="acquisition", status="cancelled", day=110),
    ),
    "the amount raised from 4 to 5 billion": (
        report("a", *LAB, amount=4e9, title="OpenAI books $4bn of servers"),
        report("b", *LAB, amount=5e9, day=10, title="OpenAI and Amazon expand the order to $5bn"),
    ),
    "pounds in one outlet, dollars in another": (
        report("a", "aws:provider", "home-office:customer", amount=450e6, currency="GBP", day=1),
        report("b", "aws:provider", "home-office:customer", amount=600e6, day=1, amount_qualifier="approx"),
    ),
    "a yearly rate and the total over the term": (
        report("a", *LAB, amount=38e9, term_months=84),
        report("b", *LAB, amount=5.4e9, amount_basis="per_year", term_months=84, day=1),
    ),
    "a venture that one outlet calls a partnership": (
        report("a", "meta:partner", "blue-owl:partner", amount=27e9, kind="joint_venture"),
        report("b", "meta:partner", "blue-owl:partner", amount=27e9, kind="partnership", day=1),
    ),
    "only the borrower is named": (
        report("a", "meta:borrower", amount=29e9, kind="debt_financing"),
        report("b", "meta:borrower", "pimco:lender", amount=29e9, kind="debt_financing", day=1),
    ),
    "a unit of the company in one outlet, the company in another": (
        report("a", "aws:provider", "openai:customer", amount=38e9),
        report("b", "amazon:provider", "openai:customer", amount=38e9, day=2),
    ),
}  # fmt: skip

TWO_DEALS = {
    "two deals of one pair in one month": (
        report("a", "coreweave:provider", "openai:customer", amount=11.9e9, title="CoreWeave wins OpenAI contract"),
        report("b", "coreweave:provider", "openai:customer", amount=6.5e9, day=15, title="CoreWeave: another contract"),
    ),
    "$1bn in Texas and $1bn in Ohio": (
        report("a", "google:developer", amount=1e9, **SITE, story_id="s", title="Google puts $1B into Texas site"),
        report("b", "google:developer", amount=1e9, **SITE, story_id="s", title="Google puts $1B into Ohio site"),
    ),
    "$1bn in Texas and $1bn in Ohio with a partner, told in two languages": (
        report("a", "google:customer", "totalenergies:provider", amount=1e9, kind="power", title="Solar park in Texas"),
        report("b", "google:customer", "totalenergies:provider", amount=1e9, kind="power", title="Un parc dans l'Ohio"),
    ),
    "the equity part and the supply part of one announcement": (
        report("x#0", "nvidia:investor", "openai:investee", amount=100e9, **ROUND),
        report("x#1", "nvidia:provider", "openai:customer", amount=100e9, kind="chip_supply"),
    ),
    "the equity part in one outlet, the supply part in another": (
        report("a", "amd:investor", "openai:investee", **ROUND),
        report("b", "amd:provider", "openai:customer", kind="chip_supply", capacity=(capacity(6, "GW"),)),
    ),
    "a round and its extension": (
        report("a", "crusoe:investee", "mubadala:investor", amount=1.4e9, **ROUND, title="Crusoe closes series E"),
        report("b", "crusoe:investee", "mubadala:investor", amount=350e6, **ROUND, day=60, title="Series E grows"),
    ),
    "two rounds of one start-up": (
        report("a", "lambda:investee", amount=480e6, **ROUND),
        report("b", "lambda:investee", amount=1.5e9, **ROUND, day=270),
    ),
    "one investor list, two start-ups": (
        report("a", "lightspeed:investor", "general-catalyst:investor", "mistral:investee", amount=385e6, **ROUND),
        report("b", "lightspeed:investor", "general-catalyst:investor", "anthropic:investee", amount=385e6, **ROUND),
    ),
    "the same pair with the roles turned round": (
        report("a", "nvidia:provider", "coreweave:customer", kind="compute_contract"),
        report("b", "coreweave:provider", "nvidia:customer", kind="compute_contract", day=1),
    ),
    "one deal a year later with the same figure rounded": (
        report("a", *LAB, amount=10e9),
        report("b", *LAB, amount=10e9, day=500),
    ),
    "one customer, two providers, one figure": (
        report("a", "oracle:provider", "meta:customer", amount=10e9),
        report("b", "google-cloud:provider", "meta:customer", amount=10e9),
    ),
}  # fmt: skip


def deals_of(*reports: Report) -> int:
    return len(resolve(reports, parents=PARENTS))


@pytest.mark.parametrize("name", ONE_DEAL)
def test_one_deal(name: str) -> None:
    assert deals_of(*ONE_DEAL[name]) == 1


@pytest.mark.parametrize("name", TWO_DEALS)
def test_two_deals(name: str) -> None:
    assert deals_of(*TWO_DEALS[name]) == 2


def test_a_report_without_figures_joins_no_two_deals() -> None:
    """Texas and Ohio stay apart though an article about neither place fits both."""
    texas, ohio = TWO_DEALS["$1bn in Texas and $1bn in Ohio"]
    vague = report("c", "google:developer", kind="datacenter", title="Google to build data centers", day=1)
    assert deals_of(texas, ohio) == 2
    groups = {frozenset(r.key for r in c.reports) for c in resolve([texas, ohio, vague], parents=PARENTS)}
    assert not any({"a", "b"} <= group for group in groups)


def test_many_vague_reports_do_not_bridge_two_contracts() -> None:
    first = [report(f"a{n}", *LAB, amount=11.9e9, day=n / 4) for n in range(4)]
    second = [report(f"b{n}", *LAB, amount=6.5e9, day=15 + n / 4) for n in range(4)]
    vague = [report(f"v{n}", *LAB, day=6 + n) for n in range(4)]
    groups = [{r.key[0] for r in c.reports} for c in resolve([*first, *second, *vague], parents=PARENTS)]
    assert not any({"a", "b"} <= group for group in groups)


def test_one_article_tells_a_deal_once_unless_it_repeats_itself() -> None:
    one = mention(*LAB, amount=38e9)
    first, again = report("x#0", *LAB, amount=38e9), report("x#1", *LAB, amount=38e9)
    assert first.mention == one == again.mention
    assert deals_of(first, again) == 1
    assert deals_of(first, report("x#1", *LAB, amount=38.1e9)) == 2
