"""Connections cut at every statement and during COMMIT, deadlocks, late commits: nothing lost, nothing doubled."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import make_dsn, parse_dsn
from psycopg2.extras import NamedTupleCursor
from store_samples import FEED, NOW, PARTIES, a_mention, a_reading, a_record, an_article, decision, new_deal, new_entry

from dealwire.feed_model import FeedUpdate
from dealwire.store import deals, news
from dealwire.store.database import (
    Connection,
    atomic,
    connect,
    repeat_on_loss,
    run_script,
    transaction,
)
from dealwire.store.failures import Conflict, DatabaseFull, DataRefused, TimedOut, Unavailable, translate
from dealwire.store.leases import acquire_lease, check_lease, renew_lease
from dealwire.store.operation import canonical_dump
from dealwire.store.organisations import ensure_parties

READING = a_reading("1", "A text")
PARTS = """SELECT d.version, (SELECT count(*) FROM analytics.deal_party AS p WHERE p.deal_id = d.deal_id) AS parties,
    (SELECT count(*) FROM analytics.deal_capacity AS c WHERE c.deal_id = d.deal_id) AS capacities,
    (SELECT max(v.version) FROM analytics.deal_version AS v WHERE v.deal_id = d.deal_id) AS newest
FROM analytics.deal AS d"""


def whole_story(c: Connection) -> None:
    """A feed is registered and polled, its entry read, its mention extracted, a deal written; each step repeatable."""
    news.sync_feeds(c, [FEED], NOW)
    feed_id = news.list_feeds(c)[0].feed_id
    update = FeedUpdate(FEED.url, None, None, None, "guid", 3600, NOW, NOW, NOW, 0, 0, 0, None, 0, None, None)
    item = new_entry("1", "A text", NOW)
    news.record_poll(c, feed_id, update, NOW, "ok", entries=[item, item], entries_seen=2)
    for entry_id in news.unread_entry_ids(c, NOW):
        news.store_reading(c, entry_id, READING, b"1", None, NOW)
    for article in news.load_articles(c, news.unextracted_articles(c, "v1")):
        deals.replace_mentions(c, article.article_id, article.version, "v1", [a_mention()], NOW)
    for mention_id in deals.pending_mentions(c):
        deals.write_deal(c, None, a_record(), "reported", [mention_id], [decision(mention_id)], NOW, NOW)


class Sabotage:
    """Ends the server side of our connection just before the nth statement, once."""

    def __init__(self, dsn: str, at: int) -> None:
        self.dsn, self.at, self.seen = dsn, at, 0
        self.admin = connect(dsn)
        sabotage = self

        class Cursor(NamedTupleCursor):
            def execute(self, query: Any, vars: Any = None) -> Any:
                sabotage.seen += 1
                if sabotage.seen == sabotage.at:
                    end_backend(sabotage.admin, self.connection.info.backend_pid)
                return super().execute(query, vars)

        self.cursor = Cursor

    def open(self) -> Connection:
        connection = connect(self.dsn)
        connection.cursor_factory = self.cursor
        return connection


def end_backend(admin: Connection, pid: int) -> None:
    with admin.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


@pytest.mark.fault("B1", "B6")
def test_a_cut_before_any_statement_changes_nothing_in_the_end(database_url: str) -> None:
    undisturbed = Sabotage(database_url, at=0)
    repeat_on_loss(undisturbed.open, whole_story)
    expected = canonical_dump(undisturbed.admin)
    assert undisturbed.seen > 30
    for at in range(1, undisturbed.seen + 1):
        empty(undisturbed.admin)
        disturbed = Sabotage(database_url, at)
        repeat_on_loss(disturbed.open, whole_story, sleep=lambda seconds: None)
        assert canonical_dump(disturbed.admin) == expected, f"cut before statement {at}"
        disturbed.admin.close()
    undisturbed.admin.close()


def empty(admin: Connection) -> None:
    tables = "news.feed, news.host, news.story, news.article, deal.organisation, deal.deal, deal.judgement, ops.run"
    run_script(admin, f"TRUNCATE {tables} RESTART IDENTITY CASCADE", "empty")


class Proxy:
    """Passes bytes between a client and PostgreSQL, and cuts the line at the first COMMIT that changed something."""

    def __init__(self, host: str, port: int, *, let_commit_through: bool) -> None:
        self.target, self.let_through = (host, port), let_commit_through
        self.cuts = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self.target) as server:
            answers = threading.Thread(target=self._relay, args=(server, client), daemon=True)
            answers.start()
            while data := client.recv(65536):
                if b"COMMIT" in data and self.cuts == 0:
                    self.cuts = 1
                    if self.let_through:
                        client.shutdown(socket.SHUT_RDWR)  # the answer finds nobody
                        server.sendall(data)
                        time.sleep(0.3)
                    server.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
            answers.join(5)

    @staticmethod
    def _relay(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@contextmanager
def cut_line(dsn: str, *, let_commit_through: bool) -> Iterator[tuple[Proxy, str]]:
    parts = parse_dsn(dsn)
    proxy = Proxy(parts["host"], int(parts["port"]), let_commit_through=let_commit_through)
    yield proxy, make_dsn(dsn, port=proxy.port, sslmode="disable", gssencmode="disable")
    proxy.listener.close()


@pytest.mark.fault("B2")
@pytest.mark.parametrize("let_commit_through", [True, False], ids=["committed", "not committed"])
def test_a_line_cut_during_commit_stores_a_new_deal_once(database_url: str, let_commit_through: bool) -> None:
    direct = connect(database_url)
    article, version = an_article(direct, "1")
    deals.replace_mentions(direct, article, version, "v1", [a_mention()], NOW)
    (mention_id,) = deals.pending_mentions(direct)
    versions: list[int | None] = []

    def write(connection: Connection) -> None:
        versions.append(count_deals(direct))
        deals.write_deal(connection, None, a_record(), "reported", [mention_id], [decision(mention_id)], NOW, NOW)

    with cut_line(database_url, let_commit_through=let_commit_through) as (proxy, dsn):
        repeat_on_loss(lambda: connect(dsn), write)
        assert proxy.cuts == 1
    assert versions == [0, 1 if let_commit_through else 0]
    assert len(deals.list_deals(direct)) == 1
    assert count_deals(direct) == 1
    direct.close()


def count_deals(connection: Connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) AS deals FROM deal.deal")
        return int(cursor.fetchone().deals)


@pytest.mark.fault("B3")
def test_a_deadlock_is_tried_again(database_url: str) -> None:
    owner = connect(database_url)
    ids = [new_deal(owner, "1")[0], new_deal(owner, "2")[0]]
    met = threading.Barrier(2, timeout=10)
    attempts: list[int] = []

    def mark(order: list[int]) -> None:
        connection = connect(database_url)
        mine = 0

        @atomic
        def both(inner: Connection) -> None:
            nonlocal mine
            mine += 1
            attempts.append(order[0])
            touch(inner, order[0])
            if mine == 1:
                met.wait()
            touch(inner, order[1])

        both(connection)
        connection.close()

    threads = [threading.Thread(target=mark, args=(order,)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(attempts) == 3  # one of the two was chosen to give way, once
    with owner.cursor() as cursor:
        cursor.execute("SELECT version FROM deal.deal")
        assert [row.version for row in cursor.fetchall()] == [3, 3]
    owner.close()


def touch(connection: Connection, deal_id: int) -> None:
    with connection.cursor() as cursor:
        try:
            cursor.execute("UPDATE deal.deal SET version = version + 1 WHERE deal_id = %s", (deal_id,))
        except psycopg2.Error as error:
            raise translate(error, "touch") from error


@pytest.mark.fault("B3")
def test_endless_collisions_end_in_a_clear_error(connection: Connection) -> None:
    tries = []

    @atomic
    def collide(inner: Connection) -> None:
        tries.append(1)
        run_script(inner, "DO $$ BEGIN RAISE EXCEPTION 'collided' USING ERRCODE = '40001'; END $$", "collide")

    with pytest.raises(Conflict, match="collide: collided"):
        collide(connection)
    assert len(tries) == 5
    assert connection.autocommit


@pytest.mark.fault("B4")
def test_doubles_in_one_batch_are_collapsed_before_sending(connection: Connection) -> None:
    assert news.sync_feeds(connection, [FEED, FEED, FEED], NOW).added == 1
    feed_id = news.due_feed_ids(connection, NOW)[0]
    update = FeedUpdate(FEED.url, None, None, None, "guid", 3600, NOW, NOW, NOW, 0, 0, 0, None, 0, None, None)
    items = [
        new_entry("1", "text", NOW),
        new_entry("1", "other text", NOW),
        new_entry("2", "text", NOW, aliases=("1",)),
    ]
    assert news.record_poll(connection, feed_id, update, NOW, "ok", entries=items).new == 2


@pytest.mark.fault("B7", "B5")
def test_a_holder_that_slept_past_its_lease_cannot_commit(connection: Connection, database_url: str) -> None:
    sleeper = connect(database_url)
    lease = acquire_lease(sleeper, "resolve", "sleeper", seconds=0.05)
    assert lease is not None
    time.sleep(0.1)
    other = acquire_lease(connection, "resolve", "other")
    assert other is not None
    with pytest.raises(Exception, match="taken over by other"), transaction(sleeper):
        news.sync_feeds(sleeper, [FEED], NOW)
        check_lease(sleeper, lease)
    assert news.list_feeds(connection) == []
    with pytest.raises(Exception, match="taken over"):
        renew_lease(sleeper, lease)
    sleeper.close()


@pytest.mark.fault("B7")
def test_a_lease_cannot_be_taken_while_its_holder_commits(connection: Connection, database_url: str) -> None:
    holder = connect(database_url)
    lease = acquire_lease(holder, "resolve", "holder", seconds=0.05)
    assert lease is not None
    taker = connect(database_url, lock_timeout_ms=300)
    with transaction(holder):
        check_lease(holder, lease)
        time.sleep(0.1)
        with pytest.raises(TimedOut):
            acquire_lease(taker, "resolve", "taker")
    assert acquire_lease(taker, "resolve", "taker") is not None
    holder.close()
    taker.close()


@pytest.mark.fault("B9")
def test_a_lower_id_that_is_committed_late_is_not_passed_over(connection: Connection, database_url: str) -> None:
    first, second = an_article(connection, "1"), an_article(connection, "2")
    ensure_parties(connection, PARTIES)  # else the second one waits for the first one's new organisations
    slow = connect(database_url)
    with transaction(slow):
        deals.replace_mentions(slow, *first, "v1", [a_mention()], NOW)
        deals.replace_mentions(connection, *second, "v1", [a_mention()], NOW)
        (seen,) = deals.pending_mentions(connection)
        deals.write_deal(connection, None, a_record(), "reported", [seen], [decision(seen)], NOW, NOW)
        assert deals.pending_mentions(connection) == []
    (late,) = deals.pending_mentions(connection)
    assert late < seen
    slow.close()


@pytest.mark.fault("B10")
def test_a_forgotten_transaction_of_ours_is_ended_by_the_server(database_url: str) -> None:
    with connect(database_url).cursor() as cursor:
        cursor.execute("SELECT current_setting('idle_in_transaction_session_timeout') AS most")
        assert cursor.fetchone().most == "1min"
    forgotten = connect(database_url)
    with pytest.raises(Unavailable), transaction(forgotten):
        run_script(forgotten, "SET LOCAL idle_in_transaction_session_timeout = '50ms'", "shorten")
        time.sleep(0.3)
        news.list_feeds(forgotten)
    assert forgotten.closed
    with pytest.raises(Unavailable):
        news.list_feeds(forgotten)


@pytest.mark.fault("B15")
def test_readers_never_see_half_a_batch(connection: Connection, database_url: str) -> None:
    stop = threading.Event()
    seen: list[int] = []
    wrong: list[Any] = []

    def read() -> None:
        reader = connect(database_url)
        while not stop.is_set():
            with reader.cursor() as cursor:
                cursor.execute(PARTS)
                row = cursor.fetchone()
            seen.append(row.version)
            if (row.parties, row.capacities, row.newest) != (2, 2, row.version):
                wrong.append(row)
        reader.close()

    deal_id, _ = new_deal(connection, "1")
    thread = threading.Thread(target=read)
    thread.start()
    for confidence in range(40):
        deals.write_deal(
            connection, deal_id, replace(a_record(), confidence=confidence / 100), "amended", [], [], NOW, NOW
        )
    stop.set()
    thread.join()
    assert seen
    assert wrong == []


@pytest.mark.fault("B8")
def test_failures_are_told_apart_by_what_helps(connection: Connection) -> None:
    for code, failure in (("53100", DatabaseFull), ("23505", DataRefused), ("55P03", TimedOut), ("57P01", Unavailable)):
        with pytest.raises(failure):
            run_script(connection, f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$", "test")
    quota = "could not extend file: Disk quota exceeded"
    with pytest.raises(DatabaseFull, match="free disk space"):
        run_script(connection, f"DO $$ BEGIN RAISE EXCEPTION '{quota}' USING ERRCODE = 'XX000'; END $$", "test")
