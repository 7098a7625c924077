"""One short English sentence for a deal, built from its kind, status and parties only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dealwire.model import Kind, Party, Role, Status


@dataclass(frozen=True, slots=True)
class _Wording:
    """Who does it, to or with whom, and the sentence in each tense; `alone` is said where the other side is unknown."""

    subject: tuple[Role, ...]
    other: tuple[Role, ...]
    verb: str
    base: str
    thing: str
    link: str
    alone: str = ""


_WORDINGS: Mapping[Kind, _Wording] = {
    "compute_contract": _Wording(("customer",), ("provider",), "buys", "buy", "compute", "from", "compute"),
    "chip_supply": _Wording(("customer",), ("provider", "developer"), "buys", "buy", "chips", "from", "chips"),
    "datacenter": _Wording(
        ("customer",),
        ("provider", "developer"),
        "takes",
        "take",
        "data centre capacity",
        "from",
        "data centre capacity",
    ),
    "power": _Wording(("customer",), ("provider", "developer"), "buys", "buy", "power", "from", "power"),
    "equity_investment": _Wording(("investor",), ("investee",), "invests", "invest", "", "in"),
    "acquisition": _Wording(("acquirer",), ("target",), "acquires", "acquire", "", ""),
    "debt_financing": _Wording(("borrower",), ("lender",), "borrows", "borrow", "", "from"),
    "joint_venture": _Wording(("partner",), (), "form", "form", "a joint venture", ""),
    "partnership": _Wording(("partner",), (), "partner", "partner", "", ""),
}
# The other side's sentence where nobody of the first side is named.
_REVERSED: Mapping[Kind, tuple[str, str, str]] = {
    "compute_contract": ("sells", "sell", "compute"),
    "chip_supply": ("sells", "sell", "chips"),
    "datacenter": ("provides", "provide", "data centre capacity"),
    "power": ("sells", "sell", "power"),
    "equity_investment": ("raises", "raise", "funding"),
    "acquisition": ("is acquired", "be acquired", ""),
    "debt_financing": ("lends", "lend", "money"),
}
_MOST_NAMES = 3


def headline(kind: Kind, status: Status, parties: Sequence[Party]) -> str:
    """A sentence such as "OpenAI buys compute from Amazon Web Services"."""
    subject, verb, base, rest = _clause(kind, parties)
    many = " and " in subject
    if status == "rumored":
        said = f"may {base}"
    elif status == "cancelled":
        said = f"{'do' if many else 'does'} not {base}"
    else:
        said = base if many and not base.startswith("be ") else verb
        if many and base.startswith("be "):
            said = "are " + base[3:]
    return " ".join(part for part in (subject, said, rest) if part)


def _clause(kind: Kind, parties: Sequence[Party]) -> tuple[str, str, str, str]:
    if kind == "datacenter" and not _named(parties, ("customer",)):
        return _building(parties)
    wording = _WORDINGS[kind]
    subject, other = _named(parties, wording.subject), _named(parties, wording.other)
    if kind in ("joint_venture", "partnership"):
        return _together(kind, subject or _named(parties, None))
    if not subject and other:
        verb, base, thing = _REVERSED[kind]
        return other, verb, base, thing
    if not subject:
        return _together("partnership", _named(parties, None))
    if not other and kind == "acquisition":
        return subject, wording.verb, wording.base, "a company"
    if not other and kind == "equity_investment":
        return subject, wording.verb, wording.base, "in a round"
    tail = f"{wording.link} {other}".strip() if other else ""
    seller = _named(parties, ("seller",)) if kind == "acquisition" else ""
    pieces = (wording.thing, tail, f"from {seller}" if seller and seller != subject else "")
    rest = " ".join(piece for piece in pieces if piece)
    return subject, wording.verb, wording.base, rest or ("money" if kind == "debt_financing" else "")


def _building(parties: Sequence[Party]) -> tuple[str, str, str, str]:
    developers = _named(parties, ("developer",))
    if developers:
        return developers, "builds", "build", "data centres"
    providers = _named(parties, ("provider",)) or _named(parties, None)
    return providers, "leases out", "lease out", "data centre capacity"


def _together(kind: Kind, names: str) -> tuple[str, str, str, str]:
    if " and " in names:
        words = {"joint_venture": ("form", "form", "a joint venture")}.get(kind, ("partner", "partner", ""))
        return names, *words
    return names, *(
        ("forms", "form", "a joint venture") if kind == "joint_venture" else ("agrees", "agree", "on a partnership")
    )


def _named(parties: Sequence[Party], roles: tuple[Role, ...] | None) -> str:
    names = list(dict.fromkeys(party.name for party in parties if roles is None or party.role in roles))
    if len(names) > _MOST_NAMES:
        others = len(names) - _MOST_NAMES + 1
        names = [*names[: _MOST_NAMES - 1], f"{others} others"]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
