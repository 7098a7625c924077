"""Anything that happens, in any order, on the real outbox: what must arrive arrives, and repeats are marked."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from alert_database import UNLIMITED, put_deal, queue_alerts, send_alerts
from alert_samples import NOW, change, deal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealwire.alerts.delivery import Channel, Ending, Outcome, Outgoing
from dealwire.store.alerts import health
from dealwire.store.database import Connection

DEALS = 4
ADDRESSES = ["a=json://a.example", "b=json://b.example"]


class Died(BaseException):
    """The sender's process ends here."""


class World:
    """Two receivers, a clock, and what arrived where."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.now = NOW
        self.ways: dict[str, str] = {"a": "sent", "b": "sent"}
        self.arrived: Counter[tuple[str, UUID]] = Counter()
        self.marked: set[tuple[str, UUID]] = set()
        self.doubts = 0
        self.known: dict[int, str] = {}

    def channel(self, name: str) -> Channel:
        def deliver(message: Outgoing) -> Outcome:
            way = self.ways[name]
            if way in ("died_before", "died_after", "unsure"):
                self.doubts += 1
            if way == "died_before":
                raise Died
            if way in ("sent", "died_after", "unsure"):
                for alert_id in message.alert_ids:
                    self.arrived[name, alert_id] += 1
                    if message.possible_repeat:
                        self.marked.add((name, alert_id))
            if way == "died_after":
                raise Died
            endings: dict[str, Ending] = {"sent": "sent", "unsure": "unsure", "down": "unreachable", "no": "refused"}
            return Outcome(endings[way])

        return Channel(name, "masked", deliver)

    def send(self) -> None:
        try:
            send_alerts(self.connection, [self.channel("a"), self.channel("b")], lambda: self.now, UNLIMITED)
        except Died:
            self.now += timedelta(minutes=3)  # the lease of the dead

    def report(self, deal_id: int) -> None:
        if deal_id not in self.known:
            self.known[deal_id] = "told"
            fresh = deal(first_reported_at=self.now, last_reported_at=self.now)
            queue_alerts(self.connection, change(fresh, deal_id=deal_id), self.now, ADDRESSES)

    def withdraw(self, deal_id: int) -> None:
        if self.known.get(deal_id) == "told":
            self.known[deal_id] = "withdrawn"
            gone = change(deal(source_count=0), deal(), deal_id=deal_id, version=2, cause="retracted")
            queue_alerts(self.connection, gone, self.now, ADDRESSES)


WAYS = ["sent", "down", "no", "unsure", "died_before", "died_after"]
STEPS = st.one_of(
    st.tuples(st.just("report"), st.integers(1, DEALS)),
    st.tuples(st.just("withdraw"), st.integers(1, DEALS)),
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(WAYS)),
    st.tuples(st.just("wait"), st.sampled_from([1, 10, 70])),
    st.just(("send", 0)),
    st.just(("send", 0)),
)


@pytest.mark.fault("L1", "L3", "L12")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=4, max_size=30))
def test_whatever_happens(connection: Connection, steps: list[tuple[str, int | str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE alert.alert, alert.channel, alert.rule, deal.deal RESTART IDENTITY CASCADE")
    put_deal(connection, 1, DEALS)
    world = World(connection)
    for step, value in steps:
        if step in world.ways:
            world.ways[step] = str(value)
        elif step == "wait":
            world.now += timedelta(minutes=int(value))
        elif step == "send":
            world.send()
        else:
            getattr(world, step)(int(value))
    world.ways = {"a": "sent", "b": "sent"}
    for _ in range(6):
        world.now += timedelta(hours=2)
        world.send()
    check(connection, world)


def check(connection: Connection, world: World) -> None:
    """Nothing waits; all that was not cancelled arrived; no repeat without doubt or mark; corrections where told."""
    assert [row.undelivered + row.dead + row.held for row in health(connection)] == [0] * len(health(connection))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.deal_id, a.event, a.alert_id, d.channel, d.state "
            "FROM alert.alert a JOIN alert.delivery d USING (alert_id)"
        )
        rows = [(row.deal_id, row.event, UUID(str(row.alert_id)), row.channel, row.state) for row in cursor.fetchall()]
    states = {(channel, alert_id): state for _, _, alert_id, channel, state in rows}
    assert set(states.values()) <= {"sent", "cancelled"}
    for key, state in states.items():
        assert state == "cancelled" or world.arrived[key] >= 1
    for key, times in world.arrived.items():
        assert times == 1 or key in world.marked
    assert sum(times - 1 for times in world.arrived.values()) <= world.doubts
    corrected = {(deal_id, channel) for deal_id, event, _, channel, _ in rows if event == "correction"}
    for deal_id, event, alert_id, channel, _ in rows:
        if event == "new" and world.known[deal_id] == "withdrawn" and world.arrived[channel, alert_id]:
            assert (deal_id, channel) in corrected
