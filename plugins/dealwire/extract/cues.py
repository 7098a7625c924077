"""Words that hint at what an article says of a deal, by class. docs/adding-a-language.md describes the classes."""

from __future__ import annotations

from dataclasses import dataclass

from dealwire.extract.language import Language

CUE_CLASSES: tuple[str, ...] = (
    # what is being agreed
    "deal.acquire",
    "deal.acquisition",
    "deal.merge",
    "deal.sell",
    "deal.tender_offer",
    "deal.raise",
    "deal.round",
    "deal.invest",
    "deal.stake",
    "deal.warrant",
    "deal.debt",
    "deal.bond",
    "deal.contract",
    "deal.buy",
    "deal.spend",
    "deal.rent",
    "deal.lease",
    "deal.supply",
    "deal.build",
    "deal.expand",
    "deal.power_purchase",
    "deal.joint_venture",
    "deal.partner",
    "deal.licence",
    "deal.award",
    "deal.guarantee",
    "deal.spinoff",
    # what it is about
    "object.cloud",
    "object.compute",
    "object.gpu",
    "object.chip",
    "object.server",
    "object.datacenter",
    "object.energy",
    "object.ai_model",
    "object.software",
    "object.startup",
    "object.public_sector",
    # how far it has come
    "status.sign",
    "status.agree",
    "status.announce",
    "status.close",
    "status.plan",
    "status.nonbinding",
    "status.approval",
    "status.talks",
    "status.consider",
    "status.sources",
    "status.conditional",
    "status.cancel",
    "status.reject",
    "status.deny",
    # what a figure is
    "money.deal_value",
    "money.valuation",
    "money.market_value",
    "money.revenue",
    "money.profit",
    "money.loss",
    "money.capex",
    "money.commitments",
    "money.fund_size",
    "money.run_rate",
    "money.per_share",
    "money.price",
    "money.cost",
    "money.debt_load",
    "money.backlog",
    "money.fine",
    "money.grant",
    "money.wealth",
    "money.market_size",
    "money.raised_to_date",
    "money.part",
    "money.option",
    "money.compared",
    # who does what
    "role.of",
    "role.for",
    "role.by",
    "role.from",
    "role.to",
    "role.with",
    "role.between",
    "role.led_by",
    "role.participation",
    "role.existing_investor",
    "role.through",
    "role.owned",
    "role.rival",
    "role.customer",
    "role.supplier",
    "role.adviser",
    "role.person",
    # when
    "time.past",
    "time.already",
    "time.future",
    "time.today",
    # how it is told
    "media.report",
    "media.analyst",
    "media.quote",
    "media.statement",
    "media.study",
    "negation.not",
    "negation.undisclosed",
    "topic.earnings",
    "topic.shares",
    "topic.ipo",
    "topic.lawsuit",
    "topic.policy",
    "topic.product",
    "topic.jobs",
    "topic.market",
    "topic.outage",
    "topic.opinion",
)


@dataclass(frozen=True, slots=True)
class Cue:
    start: int
    end: int
    cue: str


_PREPOSITIONS = frozenset({"role.of", "role.for", "role.by", "role.from", "role.to", "role.with", "role.between"})
_MANNER = ("status.", "time.", "media.", "negation.", "role.")


def find_cues(body: str, language: Language) -> list[Cue]:
    """All cue phrases in `body`, by start.

    A phrase inside a longer one counts only there ("market value" is no talk of a market). But prepositions always
    count, and a longer phrase that says how something is told ("has raised") leaves what it is about ("raised").
    """
    found: list[Cue] = []
    longest = content = (-1, -1)
    for start, negative_end, cue in sorted((hit.start, -hit.end, hit.kind) for hit in language.cues.find(body)):
        span = (start, -negative_end)
        manner = cue.startswith(_MANNER)
        around = longest if manner else content
        if cue not in _PREPOSITIONS and span != around and span[1] <= around[1]:
            continue
        if span[1] > longest[1]:
            longest = span
        if not manner and span[1] > content[1]:
            content = span
        found.append(Cue(*span, cue))
    return found
