"""Who pays whom: the network's circles, and where its nodes stand in the drawing."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_NODES = 22
MOST_CIRCLES = 12
MOST_STEPS = 6
SIZE = 760
_RADIUS = 245


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation on the ring."""

    id: str
    name: str
    full_name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    radius: float
    in_circle: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A payment from one organisation to another, drawn as a curve."""

    flow: Any
    path: str
    width: float
    in_circle: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The drawing, and the circles in words: each a list of flows that ends where it began."""

    nodes: list[Node]
    edges: list[Edge]
    circles: list[list[Any]]


def draw_network(flows: Sequence[Any]) -> Network:
    """The largest flows as a ring; flows that are part of a circle are marked."""
    drawn = _largest(flows)
    circles = find_circles(drawn)
    closing = {(flow.payer_id, flow.payee_id) for circle in circles for flow in circle}
    weight: dict[str, float] = {}
    names: dict[str, str] = {}
    for flow in drawn:
        for key, name in ((flow.payer_id, flow.payer), (flow.payee_id, flow.payee)):
            names[key] = name
            weight[key] = weight.get(key, 0.0) + float(flow.usd)
    order = _order(names, drawn, closing)
    nodes = {key: _node(key, names[key], at, len(order), weight, closing) for at, key in enumerate(order)}
    most = max((float(flow.usd) for flow in drawn), default=0.0) or 1.0
    edges = [
        Edge(
            flow,
            _curve(nodes[flow.payer_id], nodes[flow.payee_id]),
            round(1.0 + 6.0 * math.sqrt(float(flow.usd) / most), 2),
            (flow.payer_id, flow.payee_id) in closing,
        )
        for flow in drawn
    ]
    return Network(list(nodes.values()), sorted(edges, key=lambda edge: edge.in_circle), circles)


def _largest(flows: Sequence[Any]) -> list[Any]:
    """The flows in their order, as long as the ring has room for their ends."""
    seen: set[str] = set()
    drawn = []
    for flow in flows:
        ends = {flow.payer_id, flow.payee_id}
        if len(seen | ends) <= MOST_NODES:
            seen |= ends
            drawn.append(flow)
    return drawn


def find_circles(flows: Sequence[Any]) -> list[list[Any]]:
    """For each flow the shortest way back to its payer; equal circles once, short ones first."""
    onward: dict[str, list[Any]] = {}
    for flow in flows:
        onward.setdefault(flow.payer_id, []).append(flow)
    found: dict[frozenset[tuple[str, str]], list[Any]] = {}
    for flow in flows:
        way = _way(onward, flow.payee_id, flow.payer_id)
        if way is not None:
            circle = [flow, *way]
            found.setdefault(frozenset((step.payer_id, step.payee_id) for step in circle), circle)
    return sorted(found.values(), key=lambda circle: (len(circle), -sum(step.usd for step in circle)))[:MOST_CIRCLES]


def _way(onward: Mapping[str, Sequence[Any]], begin: str, goal: str) -> list[Any] | None:
    """The shortest chain of flows from one organisation to another, breadth first."""
    reached: dict[str, list[Any]] = {begin: []}
    waiting = deque([begin])
    while waiting:
        at = waiting.popleft()
        if len(reached[at]) >= MOST_STEPS - 1:
            continue
        for flow in onward.get(at, ()):
            if flow.payee_id == goal:
                return [*reached[at], flow]
            if flow.payee_id not in reached:
                reached[flow.payee_id] = [*reached[at], flow]
                waiting.append(flow.payee_id)
    return None


def _order(names: Mapping[str, str], flows: Sequence[Any], closing: set[tuple[str, str]]) -> list[str]:
    """Neighbours stand together: a walk along the flows, those in circles first."""
    near: dict[str, list[str]] = {key: [] for key in names}
    for flow in sorted(flows, key=lambda flow: (flow.payer_id, flow.payee_id) not in closing):
        near[flow.payer_id].append(flow.payee_id)
        near[flow.payee_id].append(flow.payer_id)
    order: list[str] = []
    for begin in sorted(names, key=lambda key: -len(near[key])):
        waiting = [begin]
        while waiting:
            key = waiting.pop()
            if key not in order:
                order.append(key)
                waiting.extend(reversed(near[key]))
    return order


def _node(key: str, name: str, at: int, count: int, weight: Mapping[str, float], closing: set[tuple[str, str]]) -> Node:
    angle = 2 * math.pi * at / max(count, 1) - math.pi / 2
    most = max(weight.values()) or 1.0
    radius = 5 + 11 * math.sqrt(weight[key] / most)
    x, y = SIZE / 2 + _RADIUS * math.cos(angle), SIZE / 2 + _RADIUS * math.sin(angle)
    away = _RADIUS + radius + 9
    anchor = "middle" if abs(math.cos(angle)) < 0.2 else "start" if math.cos(angle) > 0 else "end"
    lift = 0 if anchor != "middle" else 6 * (1 if math.sin(angle) > 0 else -1)
    return Node(
        id=key,
        full_name=name,
        name=name if len(name) <= 24 else name[:23] + "…",
        x=round(x, 1),
        y=round(y, 1),
        label_x=round(SIZE / 2 + away * math.cos(angle), 1),
        label_y=round(SIZE / 2 + away * math.sin(angle) + 4 + lift, 1),
        anchor=anchor,
        radius=round(radius, 1),
        in_circle=any(key in pair for pair in closing),
    )


def _curve(begin: Node, end: Node) -> str:
    """A curve to the rim of the other node, bent inwards and to its right, so that both directions are seen."""
    middle = SIZE / 2
    apart = math.hypot(end.x - begin.x, end.y - begin.y) / (2 * _RADIUS)
    inwards = 0.42 - 0.17 * apart  # neighbours are joined by a flat curve, far ones through the middle
    bend_x = middle + (begin.x + end.x - 2 * middle) * inwards - (end.y - begin.y) * 0.10
    bend_y = middle + (begin.y + end.y - 2 * middle) * inwards + (end.x - begin.x) * 0.10
    length = math.hypot(end.x - bend_x, end.y - bend_y) or 1.0
    back = (end.radius + 5) / length
    x, y = end.x + (bend_x - end.x) * back, end.y + (bend_y - end.y) * back
    return f"M{begin.x},{begin.y} Q{bend_x:.1f},{bend_y:.1f} {x:.1f},{y:.1f}"
