"""Everything that is known of one deal's life, put together from the store for `dealwire why DEAL --life`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dealwire.context import Runtime
from dealwire.deal_model import DealRecord, Report
from dealwire.resolve.conflict import conflicts
from dealwire.resolve.corroborate import corroborate
from dealwire.resolve.exchange import PEGGED_PER_USD
from dealwire.resolve.fold import doubts
from dealwire.resolve.life import Step, steps
from dealwire.stages.identities import parents_of
from dealwire.stages.rates import current_rates
from dealwire.store.deals import load_deal_reports
from dealwire.store.lives import StoredLife, load_life
from dealwire.store.records import record_to_json

SAID = (
    "kind",
    "status",
    "amount",
    "currency",
    "amount_qualifier",
    "amount_basis",
    "valuation",
    "term_months",
    "announced_on",
)

BELIEVED = ("headline", "kind", "status", "amount", "currency", "amount_qualifier", "amount_basis", "term_months")


def deal_life(runtime: Runtime, deal_id: int) -> dict[str, Any]:
    """One deal's life as JSON; of a merged deal, the life of the deal that it is part of."""
    stored = load_life(runtime.connection, deal_id)
    reports = [found.report for found in load_deal_reports(runtime.connection, [stored.deal_id])]
    parents = parents_of()
    record = record_to_json(stored.record)
    return {
        "deal_id": stored.deal_id,
        "asked_for": deal_id,
        "headline": stored.record.headline,
        "record": record,
        "exchange": _exchange(stored.record),
        "waits_for_review": _doubts(stored.record, reports),
        "reports": [
            _report(step, stored.decisions) for step in steps(reports, current_rates(runtime.settings), parents)
        ],
        "corroboration": _corroboration(reports),
        "conflicts": _conflicts(reports, parents, stored),
        "versions": _versions(stored.versions),
        "judgements": stored.judgements,
        "possible_duplicates": stored.duplicates,
    }


def _exchange(record: DealRecord) -> dict[str, Any] | None:
    """The rate behind the dollars, or that there is none."""
    if record.currency is None:
        return None
    source = "none" if record.currency == "USD" else "peg" if record.currency in PEGGED_PER_USD else "ECB"
    rate, on = record.usd_rate, record.usd_rate_on
    return {"currency": record.currency, "rate": rate and str(rate), "rate_on": on and str(on), "source": source}


def _doubts(record: DealRecord, reports: Sequence[Report]) -> list[str]:
    if not record.needs_review:
        return []
    if not reports:
        return ["no_report_left"]
    return list(doubts(record, reports)) or ["override"]


def _report(step: Step, decisions: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    report, mention = step.report, step.report.mention
    before = record_to_json(step.before) if step.before else {}
    after = record_to_json(step.after)
    quotes = [claim.quote for claim in mention.claims if claim.field in ("amount", "kind", "status")]
    return {
        "mention_id": int(report.key),
        "article_id": int(report.article_id),
        "at": _moment(report.published_at or report.seen_at),
        "seen_at": _moment(report.seen_at),
        "publisher": report.publisher,
        "official": report.official,
        "language": report.language,
        "title": report.title,
        "url": report.url,
        "retracted": report.retracted,
        "salience": mention.salience,
        "confidence": round(mention.confidence, 4),
        "extractor_version": mention.extractor_version,
        "said": {name: _plain(getattr(mention, name)) for name in SAID if getattr(mention, name) is not None},
        "parties": [{"name": party.name, "role": party.role} for party in mention.parties],
        "quote": quotes[0] if quotes else None,
        "decision": decisions.get(int(report.key)),
        "independent_source": step.source,
        "counts_with": step.copies,
        "changed": [{"field": n, "before": before[n], "after": after[n]} for n in after if n in step.changed],
    }


def _corroboration(reports: Sequence[Report]) -> dict[str, Any]:
    found = corroborate(reports)
    publisher = {report.key: report.publisher for report in reports}
    return {
        "sources": found.source_count,
        "independent_sources": found.independent_source_count,
        "officially_confirmed": found.officially_confirmed,
        "first_reported_at": _moment(found.first_reported_at),
        "groups": [list(dict.fromkeys(publisher[key] for key in voice)) for voice in found.voices],
    }


def _conflicts(reports: Sequence[Report], parents: Mapping[str, str], stored: StoredLife) -> list[dict[str, Any]]:
    judged = {j["field"] for j in stored.judgements if j["action"] == "override" and j["undone_at"] is None}
    found = []
    for conflict in conflicts(reports, parents) if reports else []:
        claims = [
            {
                "value": claim.value,
                "outlets": list(claim.outlets),
                "independent_sources": claim.independent_source_count,
                "official": claim.official,
            }
            for claim in conflict.claims
        ]
        rule = "override" if conflict.field.split(":")[0] in judged else conflict.rule
        found.append({"field": conflict.field, "rule": rule, "claims": claims})
    return found


def _versions(versions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each version with what it changed against the one before it of the same deal."""
    last: dict[int, dict[str, Any]] = {}
    found = []
    for version in versions:
        record, before = version["record"], last.get(version["deal_id"])
        last[version["deal_id"]] = record
        changed = [
            {"field": name, "before": before.get(name), "after": record[name]}
            for name in record
            if before is not None and before.get(name) != record[name]
        ]
        shown = {name: value for name, value in version.items() if name != "record"}
        found.append({**shown, **{name: record[name] for name in BELIEVED}, "changed": changed})
    return found


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int)) else str(value)


def _moment(value: Any) -> str | None:
    return None if value is None else value.isoformat(timespec="minutes")
