"""A deal's life as text: what `dealwire why DEAL --life` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dealwire.cli.tables import KIND_NAMES, QUALIFIERS, format_amount, format_money, format_term

RULES = {
    "official": "an official source says so",
    "newest_official": "it is the newest official word",
    "independent_sources": "most independent sources say so",
    "probability": "its sources are even; it was read with the higher probability",
    "newest": "its sources are even; it is the newest",
    "order": "its sources are even in everything",
    "signed": 'a signed figure stands before "up to"',
    "later_change": "a later report changes the figure that stood before",
    "override": "a person decided it",
}
COPIES = {
    "same_text": "the same text as an earlier report: no further source",
    "told_after": "told after another newsroom: no further source",
    "same_publisher": "the same newsroom as an earlier report: no further source",
    "same_source": "leads back to an earlier source: no further source",
}
DOUBTS = {
    "usd_per_gw": "dollars per gigawatt are out of the ordinary",
    "usd_per_gpu": "dollars per GPU are out of the ordinary",
    "amount_huge": "more than a trillion dollars",
    "amount_jump": "two reports name figures that lie a factor of a thousand apart",
    "retracted": "every report was retracted",
    "unsure_reading": "no report was read with enough confidence",
    "no_report_left": "no report that stands is left",
    "override": "a person asked for it, or an override cannot be read",
}
SHOWN_REASONS = 5
SHOWN_QUOTE = 100
SHOWN = (
    "kind", "status", "disputed", "parties", "amount", "currency", "amount_qualifier", "amount_basis", "valuation",
    "term_months", "announced_on", "capacity", "source_count", "independent_source_count", "officially_confirmed",
    "needs_review", "merged_into", "usd_rate_on",
)  # fmt: skip


def life_lines(life: Mapping[str, Any]) -> Iterator[str]:
    """The life, section by section, without colours or control characters."""
    for line in _lines(life):
        yield "".join(c for c in line if c.isprintable())


def _lines(life: Mapping[str, Any]) -> Iterator[str]:
    if life["asked_for"] != life["deal_id"]:
        yield f"deal {life['asked_for']} is merged into deal {life['deal_id']}"
    yield f"deal {life['deal_id']}: {life['headline']}"
    yield f"  {_belief(life['record'])}"
    yield from _dollars(life)
    for doubt in life["waits_for_review"]:
        yield f"  waits for a person: {DOUBTS.get(doubt, doubt)}"
    sections = (
        ("reports, in the order of the news", _reports(life["reports"])),
        ("who stands behind it", _corroboration(life["corroboration"])),
        ("where reports disagree", _conflicts(life["conflicts"])),
        ("what we believed, in the order in which we came to believe it", _versions(life["versions"])),
        ("what people decided", _judgements(life["judgements"])),
        ("deals that may be the same", _duplicates(life)),
    )
    for title, lines in sections:
        found = list(lines)
        if found:
            yield ""
            yield title
            yield from found


def _belief(record: Mapping[str, Any]) -> str:
    told = [KIND_NAMES[record["kind"]], record["status"], *(["disputed"] if record["disputed"] else [])]
    told += [_amount(record)]
    told += [format_term(record["term_months"])] if record["term_months"] else []
    told += [_part(part) for part in record["capacity"]]
    told += [f"announced on {record['announced_on']}"] if record["announced_on"] else []
    told += [f"confidence {record['confidence']:.2f}"]
    parties = ", ".join(f"{party['name']} ({party['role']})" for party in record["parties"])
    return "; ".join([", ".join(told), *([parties] if parties else [])])


def _dollars(life: Mapping[str, Any]) -> Iterator[str]:
    exchange, record = life["exchange"], life["record"]
    if exchange is None or exchange["currency"] == "USD":
        return
    if exchange["rate"] is None:
        yield f"  no dollars: there is no rate for {exchange['currency']}"
        return
    source = "its peg" if exchange["source"] == "peg" else "the ECB's reference rate"
    dollars = format_money(Decimal(record["amount_usd"]), "USD")
    yield f"  {dollars} at {exchange['rate']} dollars a {exchange['currency']}, {source} of {exchange['rate_on']}"


def _reports(reports: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for number, report in enumerate(reports, start=1):
        marks = [mark for mark, on in (("official", report["official"]), ("retracted", report["retracted"])) if on]
        marks += ["in passing"] if report["salience"] == "background" else []
        about = ", ".join([report["language"] or "?", *marks])
        yield f"  {number}. {_minute(report['at'])}  {report['publisher']} ({about}): {report['title']}"
        quote = f', "{_cut(report["quote"])}"' if report["quote"] else ""
        yield f"     says {_said(report['said'])}{quote} (mention {report['mention_id']})"
        yield f"     {_decision(report['decision'])}"
        yield f"     {COPIES[report['counts_with']] if report['counts_with'] else 'a source of its own'}"
        if changed := _changes(report["changed"]):
            yield f"     changes {changed}"


def _said(said: Mapping[str, Any]) -> str:
    told = [KIND_NAMES[said["kind"]], said["status"], _amount(said)]
    told += [format_term(said["term_months"])] if "term_months" in said else []
    return ", ".join([*told, *([str(said["announced_on"])] if "announced_on" in said else [])])


def _decision(decision: Mapping[str, Any] | None) -> str:
    if decision is None:
        return "how it came here was not kept"
    if decision["verdict"] == "new":
        return "the first that was read of this deal"
    if not decision["reasons"]:
        return "put here by a person, or beside reports that it cannot be compared with"
    return f"joined with {decision['score']:+.1f}: {_reasons(decision['reasons'])}"


def _reasons(reasons: Mapping[str, float]) -> str:
    ordered = sorted(reasons.items(), key=lambda item: (-abs(item[1]), item[0]))
    told = [f"{name} {share:+.1f}" for name, share in ordered[:SHOWN_REASONS]]
    rest = len(ordered) - len(told)
    return ", ".join(told) + (f" and {rest} more" if rest else "")


def _corroboration(found: Mapping[str, Any]) -> Iterator[str]:
    official = "confirmed by an official source" if found["officially_confirmed"] else "no official source"
    yield f"  {found['sources']} newsrooms, {found['independent_sources']} independent; {official}"
    for group in found["groups"]:
        yield f"  - {', '.join(group)}"


def _conflicts(conflicts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for conflict in conflicts:
        yield f"  {conflict['field']}: {RULES[conflict['rule']]}"
        for number, claim in enumerate(conflict["claims"]):
            stands = " (stands)" if number == 0 and conflict["rule"] != "override" else ""
            official = ", official" if claim["official"] else ""
            yield f"  - {claim['value']}{stands}: {', '.join(claim['outlets'])}{official}"


def _versions(versions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for version in versions:
        cause = version["cause"]
        cause += f" by judgement {version['judgement_id']}" if version["judgement_id"] else ""
        cause += f" by mention {version['mention_id']}" if version["mention_id"] else ""
        at = f"recorded {_minute(version['recorded_at'])}, news of {_minute(version['valid_at'])}"
        changed = _changes(version["changed"]) or f"{version['headline']}, {version['status']}, {_amount(version)}"
        yield f"  deal {version['deal_id']}, version {version['version']}, {at}: {cause}: {changed}"


def _judgements(judgements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for judged in judgements:
        about = [f"deal {judged['deal_id']}"] if judged["deal_id"] else []
        about += [f"into deal {judged['other_deal_id']}"] if judged["other_deal_id"] else []
        about += [f"mention {judged['mention_id']}"] if judged["mention_id"] else []
        about += [f"{judged['field']} = {judged['value']}"] if judged["field"] else []
        undone = f"; taken back by {judged['undone_by']}, {_minute(judged['undone_at'])}" if judged["undone_at"] else ""
        reason = f": {judged['reason']}" if judged["reason"] else ""
        yield (
            f"  {judged['judgement_id']}. {_minute(judged['made_at'])}  {judged['made_by']}: "
            f"{judged['action']} {', '.join(about)}{reason}{undone}"
        )


def _duplicates(life: Mapping[str, Any]) -> Iterator[str]:
    for pair in life["possible_duplicates"]:
        later = pair["deal_id"] == life["deal_id"]
        other, headline = (
            (pair["other_deal_id"], pair["other_headline"]) if later else (pair["deal_id"], pair["headline"])
        )
        yield f"  deal {other}: {headline}, {pair['score']:+.1f}: {_reasons(pair['reasons'])}"


def _changes(changed: Sequence[Mapping[str, Any]]) -> str:
    shown = [item for item in changed if item["field"] in SHOWN]
    return ", ".join(f"{item['field']} {_short(item['before'])} → {_short(item['after'])}" for item in shown)


def _short(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        return "[" + ", ".join(_part(part) for part in value) + "]"
    return str(value) if isinstance(value, str) else json.dumps(value)


def _part(part: Mapping[str, Any]) -> str:
    """A party or a capacity."""
    if "role" in part:
        return f"{part['name']} ({part['role']})"
    size = f"{QUALIFIERS[part['qualifier']]}{part['quantity'] or 'many'} {part['unit']}"
    return f"{size} ({part['item']})" if part["item"] else size


def _amount(said: Mapping[str, Any]) -> str:
    if not said.get("amount"):
        return "amount unknown"
    return format_amount({"amount_qualifier": None, "amount_basis": None, **said, "amount": Decimal(said["amount"])})


def _cut(quote: str) -> str:
    return quote if len(quote) <= SHOWN_QUOTE else quote[: SHOWN_QUOTE - 1] + "…"


def _minute(value: Any) -> str:
    return str(value)[:16].replace("T", " ")
