"""What an article says of deals, as plain values shared by all stages. No I/O, no defaults that hide a decision.

Amounts are in whole currency units (38 billion USD = Decimal("38000000000")), terms in months, offsets in
characters of `Article.body`, which is the title, a blank line, and the text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

Kind = Literal[
    "compute_contract",
    "chip_supply",
    "datacenter",
    "power",
    "equity_investment",
    "acquisition",
    "debt_financing",
    "joint_venture",
    "partnership",
]
Status = Literal["rumored", "announced", "completed", "cancelled"]
Role = Literal[
    "provider",
    "customer",
    "developer",
    "investor",
    "investee",
    "acquirer",
    "target",
    "seller",
    "lender",
    "borrower",
    "partner",
]
Salience = Literal["primary", "background"]
Qualifier = Literal["exact", "approx", "up_to", "at_least"]
Basis = Literal["total", "per_year"]
Unit = Literal["GW", "MW", "GPU", "CPU", "chip", "rack", "server", "MWh", "TWh"]

KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
ROLES: tuple[Role, ...] = get_args(Role)
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)
UNITS: tuple[Unit, ...] = get_args(Unit)
LANGUAGES: tuple[str, ...] = ("en", "fr", "de", "es", "it", "pt", "nl", "ja", "zh")

ROLES_OF_KIND: Mapping[Kind, tuple[Role, ...]] = {
    "compute_contract": ("provider", "customer"),
    "chip_supply": ("provider", "customer"),
    "datacenter": ("developer", "provider", "customer"),
    "power": ("provider", "customer", "developer"),
    "equity_investment": ("investor", "investee"),
    "acquisition": ("acquirer", "target", "seller"),
    "debt_financing": ("lender", "borrower"),
    "joint_venture": ("partner",),
    "partnership": ("partner",),
}


# Kinds under which careful readers file one and the same deal.
COMPATIBLE_KINDS: frozenset[frozenset[Kind]] = frozenset(
    frozenset(pair)
    for pair in (
        ("compute_contract", "partnership"),
        ("compute_contract", "datacenter"),
        ("compute_contract", "chip_supply"),
        ("chip_supply", "partnership"),
        ("equity_investment", "partnership"),
        ("joint_venture", "partnership"),
        ("joint_venture", "datacenter"),
        ("joint_venture", "equity_investment"),
        ("power", "partnership"),
        ("datacenter", "partnership"),
        ("datacenter", "debt_financing"),
    )
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the extractor reads it. `published` dates relative words; None leaves them undated."""

    id: str
    title: str
    text: str
    published: date | None
    lang: str | None = None
    url: str | None = None

    @property
    def body(self) -> str:
        """The string that all offsets count in."""
        return f"{self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation in a deal. `organisation_id` is the gazetteer's or a provisional identity."""

    name: str
    role: Role
    organisation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """A quantity that a deal is about. `quantity` None where the text gives only "hundreds of thousands"."""

    quantity: Decimal | None
    unit: Unit
    qualifier: Qualifier
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """The proof of one field: `body[start:end] == quote`.

    `field` is a field of Mention, or `party:ROLE:NAME`, or `capacity:N`. `features` are the named inputs that
    decided, each with its contribution in log-odds; empty where nothing was learned for the field.
    """

    field: str
    value: str
    quote: str
    start: int
    end: int
    probability: float
    features: Mapping[str, float] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mention:
    """What one article says of one deal. Immutable; a later extractor version writes new mentions beside it.

    `amount` is the figure to quote (the upper end of a range); `amount_low`/`amount_high` keep the range;
    `amount_text` what was said. `confidence` is the calibrated probability that the whole record is right;
    `needs_review` marks a mention under the database's line, which is kept and shown but folded into no deal.
    """

    salience: Salience
    kind: Kind
    status: Status
    parties: tuple[Party, ...]
    amount: Decimal | None
    currency: str | None
    amount_qualifier: Qualifier | None
    amount_basis: Basis | None
    amount_low: Decimal | None
    amount_high: Decimal | None
    amount_text: str | None
    valuation: Decimal | None
    valuation_currency: str | None
    term_months: int | None
    announced_on: date | None
    capacity: tuple[Capacity, ...]
    confidence: float
    needs_review: bool
    claims: tuple[Claim, ...]
    extractor_version: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """One identity per company. `provisional` ones were met in a text and are in no gazetteer yet."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    country: str | None = None
    ticker: str | None = None
    provisional: bool = False
