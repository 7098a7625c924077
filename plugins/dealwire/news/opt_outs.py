"""What publishers say against use of their texts by machines: read and kept as data. Pure.

Four places say it: the header X-Robots-Tag and the meta element `robots` (noai, noindex …), the reservation of text and
data mining (TDMRep: header, meta element, /.well-known/tdmrep.json), and the agents that robots.txt shuts out.
docs/fetching.md says what follows from them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from protego import Protego

MOST_SIGNALS = 20
TDM_PATH = "/.well-known/tdmrep.json"
# Readers that gather texts for language models; Dealwire is none of them.
AI_AGENTS = (
    "GPTBot", "ClaudeBot", "anthropic-ai", "Google-Extended", "CCBot", "PerplexityBot", "Bytespider", "Amazonbot",
    "Applebot-Extended", "Meta-ExternalAgent", "cohere-ai", "AI2Bot", "Diffbot", "Omgilibot", "ImagesiftBot",
    "MistralAI-User",
)  # fmt: skip
_DIRECTIVES = frozenset({"noai", "noimageai", "noml", "noindex", "noarchive", "nocache", "nosnippet", "none"})
_ROBOTS_METAS = ("robots", "googlebot", "googlebot-news", "bingbot", "dealwire")


def header_opt_outs(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What the answer's headers say."""
    found = [f"header x-robots-tag: {word}" for word in _directives(headers.get("x-robots-tag", ""))]
    if headers.get("tdm-reservation", "").strip() == "1":
        found.append(_reservation("header", headers.get("tdm-policy", "")))
    return tuple(found[:MOST_SIGNALS])


def meta_opt_outs(metas: Mapping[str, str]) -> tuple[str, ...]:
    """What the page's meta elements say; names in lower case."""
    found = [f"meta {name}: {word}" for name in _ROBOTS_METAS for word in _directives(metas.get(name, ""))]
    if metas.get("tdm-reservation", "").strip() == "1":
        found.append(_reservation("meta", metas.get("tdm-policy", "")))
    return tuple(found[:MOST_SIGNALS])


def _directives(text: str) -> list[str]:
    """The directives that forbid a use, also where one is meant for a named agent ("otherbot: noai")."""
    words = re.split(r"[,;:\s]+", text.lower()[:500])
    return sorted(_DIRECTIVES.intersection(words))


def _reservation(place: str, policy: str) -> str:
    return f"{place} tdm-reservation: 1" + (f", policy {policy.strip()[:200]}" if policy.strip() else "")


def robots_opt_outs(text: str) -> tuple[str, ...]:
    """The readers for machine learning that a robots.txt forbids the whole site, where it names them."""
    named = text.lower()
    rules = Protego.parse(text)
    return tuple(
        agent for agent in AI_AGENTS if agent.lower() in named and not rules.can_fetch("https://host.example/a", agent)
    )


def tdm_opt_outs(body: bytes) -> tuple[str, ...]:
    """The paths that a tdmrep.json reserves, with their policies."""
    try:
        rules = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ()
    found = []
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict) and str(rule.get("tdm-reservation", "")).strip() == "1":
            policy = rule.get("tdm-policy")
            found.append(_reservation(str(rule.get("location", "/"))[:200], policy if isinstance(policy, str) else ""))
    return tuple(found[:MOST_SIGNALS])
