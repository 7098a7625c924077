"""The yardstick: the largest figure of title and lead, organisations of the gazetteer, the commonest kind of cue.

Whatever does not beat this is no gain. It reads title and first paragraph only and learns nothing.
"""

from __future__ import annotations

from collections import Counter

from dealwire.extract.gold import Deal
from dealwire.extract.layout import Layout
from dealwire.extract.reading import Reading
from dealwire.model import Kind, Party, Role

KIND_OF_CUE: dict[str, Kind] = {
    "deal.acquire": "acquisition",
    "deal.acquisition": "acquisition",
    "deal.merge": "acquisition",
    "deal.raise": "equity_investment",
    "deal.round": "equity_investment",
    "deal.invest": "equity_investment",
    "deal.stake": "equity_investment",
    "deal.debt": "debt_financing",
    "deal.bond": "debt_financing",
    "deal.contract": "compute_contract",
    "object.cloud": "compute_contract",
    "object.compute": "compute_contract",
    "deal.supply": "chip_supply",
    "object.chip": "chip_supply",
    "deal.lease": "datacenter",
    "deal.build": "datacenter",
    "object.datacenter": "datacenter",
    "deal.power_purchase": "power",
    "object.energy": "power",
    "deal.joint_venture": "joint_venture",
    "deal.partner": "partnership",
}
ROLES: dict[Kind, tuple[Role, Role]] = {
    "compute_contract": ("provider", "customer"),
    "chip_supply": ("provider", "customer"),
    "datacenter": ("developer", "customer"),
    "power": ("provider", "customer"),
    "equity_investment": ("investor", "investee"),
    "acquisition": ("acquirer", "target"),
    "debt_financing": ("lender", "borrower"),
    "joint_venture": ("partner", "partner"),
    "partnership": ("partner", "partner"),
}


def guess(reading: Reading) -> list[Deal]:
    """At most one deal: two known organisations in the title or the lead, in order of their naming."""
    layout = Layout(reading)
    top = {number for number, tier in enumerate(layout.tier) if tier <= 2}
    known = [one for one in reading.entities if one.known and top & set(one.sentence_of)][:2]
    votes = Counter(
        KIND_OF_CUE[cue.cue]
        for cue, sentence in zip(reading.cues, reading.cue_sentence, strict=True)
        if sentence in top and cue.cue in KIND_OF_CUE
    )
    if not known or not votes:
        return []
    kind = votes.most_common(1)[0][0]
    figures = [m for m, sentence in zip(reading.money, reading.money_sentence, strict=True) if sentence in top]
    largest = max(figures, key=lambda money: money.high, default=None)
    if len(known) < 2 and largest is None:
        return []
    parties = tuple(Party(one.forms()[0][0], role) for one, role in zip(known, ROLES[kind], strict=False))
    return [
        Deal(
            salience="primary",
            kind=kind,
            status="announced",
            parties=parties,
            amount=largest.high if largest else None,
            currency=largest.currency if largest else None,
            amount_qualifier=largest.qualifier if largest else None,
            amount_basis="total" if largest else None,
        )
    ]
