"""What docs/resolution.md says of the pairs that are easily confused is what comes of them."""

from __future__ import annotations

from pathlib import Path

from unit.resolve.made import PARENTS
from unit.resolve.test_tricky_pairs import ONE_DEAL, TWO_DEALS

from dealwire.resolve.cluster import resolve
from dealwire.resolve.exchange import shipped_rates
from dealwire.resolve.profiles import profile
from dealwire.resolve.scoring import MICRO, load_weights, pair_reasons, pair_score

PAGE = (Path(__file__).parents[3] / "docs/resolution.md").read_text("utf-8")
HEAD = "| pair | outcome | score | what decides most |\n|---|---|---|---|"


def table() -> str:
    """Each pair with its outcome, its score in log-odds, and the four reasons that weigh most, the bias apart."""
    rows, weights = [HEAD], load_weights()
    for name, (one, other) in {**ONE_DEAL, **TWO_DEALS}.items():
        clusters = resolve([one, other], parents=PARENTS)
        a, b = (profile(report, PARENTS, shipped_rates()) for report in (one, other))
        doubt = any(decision.verdict == "review" for cluster in clusters for decision in cluster.decisions)
        outcome = "one deal" if len(clusters) == 1 else "two, and noted as a doubt" if doubt else "two deals"
        shares = {k: v for k, v in pair_reasons(a, b, weights).items() if k != "bias"}
        told = sorted(shares.items(), key=lambda item: (-abs(item[1]), item[0]))[:4]
        reasons = ", ".join(f"{reason} {share:+.1f}" for reason, share in told)
        rows.append(f"| {name} | {outcome} | {pair_score(a, b, weights) / MICRO:+.1f} | {reasons} |")
    return "\n".join(rows)


def test_the_table_of_pairs_is_what_comes_of_them() -> None:
    assert table() in PAGE, f"docs/resolution.md needs this table:\n{table()}"


def test_each_field_of_a_deal_has_its_rule_told() -> None:
    for name in ("amount", "dollars", "status", "parties", "kind", "capacity", "overrides", "for review"):
        assert f"\n| {name} |" in PAGE
