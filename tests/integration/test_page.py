"""The page on a real PostgreSQL with the newsroom's deals in it."""

import asyncio
import csv
import io
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
import pyarrow.parquet
import pytest
from excel_sheets import sheet_rows
from fastapi import HTTPException
from starlette.testclient import TestClient

from dealwire.store.database import Connection, connect, fetch_all
from dealwire.store.deals import mark_merged
from dealwire.store.exports import exported_deals
from dealwire.takeaway.columns import Rows
from dealwire.web.app import create_app
from dealwire.web.reading import Ask, OpenExport, OpenReading

NOW = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
HTML = {"accept": "text/html"}
FILES = ("/deals.csv", "/deals.jsonl", "/deals.parquet", "/deals.xlsx")
DESCRIBED = "/deals.csv-metadata.json"


def reading_of(url: str) -> OpenReading:
    @contextmanager
    def reading() -> Iterator[Ask]:
        connection = connect(url, statement_timeout_ms=10_000)
        try:
            yield lambda name, parameters: fetch_all(connection, name, parameters)
        finally:
            connection.close()

    return reading


def exporting_of(url: str) -> OpenExport:
    @contextmanager
    def exporting(filters: Mapping[str, Any]) -> Iterator[Rows]:
        connection = connect(url, statement_timeout_ms=10_000)
        try:
            with exported_deals(connection, filters) as rows:
                yield rows
        finally:
            connection.close()

    return exporting


def client_of(url: str, user: Callable[[], object] = lambda: "somebody") -> TestClient:
    app = create_app(reading_of(url), user, lambda: NOW, exporting=exporting_of(url))
    return TestClient(app, headers=HTML)


@pytest.fixture
def own(newsroom_url: str) -> Iterator[Connection]:
    """A connection to a copy that the test may change."""
    connection = connect(newsroom_url)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def page(newsroom_database: str) -> TestClient:
    return client_of(newsroom_database)


def deals(page: TestClient, query: str = "") -> list[dict]:
    answer = page.get(f"/api/deals?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["deals"]


def test_the_table_shows_value_parties_roles_and_the_proving_sentence(page: TestClient) -> None:
    html = page.get("/?party=openai&text=amazon").text
    assert "$38bn" in html
    assert re.search(r"<b>OpenAI</b> <span class=\"role\">customer</span>", html)
    assert re.search(r"<mark>\$38 billion</mark> from Amazon Web Services over the next seven years", html)
    assert "7 years" in html


def test_a_value_is_never_more_certain_than_said(page: TestClient) -> None:
    html = page.get("/?text=coreweave").text
    assert re.search(r'<span class="qualifier">up to</span> <span class="amount"[^>]*>\$6.5bn', html)


@pytest.mark.parametrize("query", ["", "kind=power", "status=rumored", "min_usd=10000000000", "since=2026-11-18"])
def test_filters_leave_what_they_name(page: TestClient, query: str) -> None:
    everything = {deal["deal_id"]: deal for deal in deals(page, "limit=500")}
    name, _, value = query.partition("=")
    keep: dict[str, Callable[[dict], bool]] = {
        "": lambda deal: True,
        "kind": lambda deal: deal["kind"] == value,
        "status": lambda deal: deal["status"] == value,
        "min_usd": lambda deal: (deal["amount_usd"] or 0) >= int(value),
        "since": lambda deal: deal["first_reported_at"] >= value,
    }
    found = {deal["deal_id"] for deal in deals(page, f"limit=500&{query}")}
    assert found == {key for key, deal in everything.items() if keep[name](deal)}
    assert found


def test_a_party_is_found_by_name_alias_and_part_of_a_name(page: TestClient) -> None:
    names = {name: {deal["deal_id"] for deal in deals(page, f"party={name}")} for name in ("Nebius", "nebius", "ebiu")}
    assert names["Nebius"] == names["nebius"] == names["ebiu"]
    assert len(names["Nebius"]) == 2
    assert deals(page, "party=aws") == deals(page, "party=Amazon Web Services")


def test_words_are_searched_in_deals(page: TestClient) -> None:
    assert {deal["kind"] for deal in deals(page, "text=norvind")} == {"power"}
    assert deals(page, "text=norvind nebius") == []
    assert deals(page, "text=%26%7C!") == []


@pytest.mark.fault("Q12")
@pytest.mark.parametrize("sort", ["newest", "oldest", "updated", "largest", "smallest", "sources"])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(page: TestClient, sort: str) -> None:
    whole = [deal["deal_id"] for deal in deals(page, f"sort={sort}&limit=500")]
    walked: list[int] = []
    query = f"sort={sort}&limit=4"
    after = None
    while True:
        answer = page.get(f"/api/deals?{query}" + (f"&after={after}" if after else "")).json()
        walked += [deal["deal_id"] for deal in answer["deals"]]
        after = answer["next"]
        if after is None:
            break
    assert walked == whole
    assert len(set(whole)) == len(whole) > 20


def test_orders_are_what_they_say(page: TestClient) -> None:
    values = [deal["amount_usd"] for deal in deals(page, "sort=largest&limit=500")]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=True)
    assert values[: len(known)] == known
    smallest = [deal["amount_usd"] for deal in deals(page, "sort=smallest&limit=500")]
    assert smallest == sorted(known)
    times = [deal["first_reported_at"] for deal in deals(page, "sort=oldest&limit=500")]
    assert times == sorted(times)


@pytest.mark.fault("Q6", "Q12")
@pytest.mark.parametrize(
    "query", ["limit=-1", "limit=1000000000", "sort=1;drop", "kind=x", "after=garbage", "since=x", "min_usd=x"]
)
def test_what_cannot_be_asked_is_answered_422_with_the_field(page: TestClient, query: str) -> None:
    for path in ("/", "/api/deals", *FILES):
        answer = page.get(f"{path}?{query}")
        assert answer.status_code == 422
        assert query.partition("=")[0] in answer.text
    assert page.get("/api/deals?limt=3").status_code == 422


@pytest.mark.fault("Q6")
@pytest.mark.parametrize(
    "payload",
    [
        "' OR '1'='1",
        "'; DROP TABLE deal.deal; --",
        "%' OR 1=1 --",
        "\\'; SELECT pg_sleep(5) --",
        "{{7*7}}${7*7}",
        "a%00b",
        "%(text)s",
        "\ufeffx\u202e",
    ],
)
def test_payloads_find_nothing_and_break_nothing(page: TestClient, payload: str) -> None:
    before = len(deals(page, "limit=500"))
    for field in ("text", "party"):
        for path in ("/", "/api/deals", "/deals.csv"):
            answer = page.get(path, params={field: payload})
            assert answer.status_code == 200
            assert "49" not in re.sub(r"\d{3,}|static/\w+", "", answer.text) or "{{7*7}}" not in payload
    assert len(deals(page, "limit=500")) == before


def test_a_deal_shows_its_history_its_conflicts_and_every_claim_in_its_sentence(page: TestClient) -> None:
    deal = next(deal for deal in deals(page, "party=Nebius&limit=500") if "Microsoft" in deal["headline"])
    html = page.get(f"/deal/{deal['deal_id']}").text
    assert "Where reports differ" in html
    assert "up to $19.4bn" in html
    assert html.count("<mark>") >= 9
    assert 'rel="noopener noreferrer external"' in html
    assert "First reported" in html
    assert "Reported by another source" in html
    found = page.get(f"/api/deals/{deal['deal_id']}").json()
    assert {source["publisher"] for source in found["sources"]} == {
        "The Cloud Ledger",
        "De Serverkrant",
        "Rack & Current",
    }


def test_a_changed_value_is_in_the_history(page: TestClient) -> None:
    deal = next(deal for deal in deals(page, "party=Lumora Labs"))
    html = re.sub(r"\s+", " ", page.get(f"/deal/{deal['deal_id']}").text)
    assert "<del>€600m</del> <ins>€850m</ins>" in html
    assert "<del>4 years</del> <ins>5 years</ins>" in html
    assert "officially confirmed" in html


def test_a_deal_that_was_merged_away_leads_to_the_other_and_its_reports_count_there(
    newsroom_url: str, own: Connection
) -> None:
    page = client_of(newsroom_url)
    first, second = (deal["deal_id"] for deal in deals(page, "party=Nebius"))
    mark_merged(own, first, second, NOW)
    answer = page.get(f"/deal/{first}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, str(second))
    assert first not in {deal["deal_id"] for deal in deals(page, "limit=500")}
    assert len(page.get(f"/api/deals/{second}").json()["sources"]) == 5


def test_unknown_deals_and_addresses_are_404(page: TestClient) -> None:
    for path in ("/deal/99999", "/deal/9223372036854775807", "/nothing", "/static/x/no.css", "/docs", "/openapi.json"):
        assert page.get(path).status_code == 404
    assert page.get("/deal/9223372036854775808").status_code == 422
    assert page.post("/").status_code == 405


@pytest.mark.fault("Q11")
def test_the_csv_file_holds_every_deal_and_starts_no_formula(newsroom_url: str, own: Connection) -> None:
    cursor = own.cursor()
    cursor.execute("UPDATE deal.organisation SET name = '=HYPERLINK(\"http://evil\")' WHERE name = 'Nebius'")
    cursor.execute("UPDATE deal.deal SET headline = '@SUM(1+1)*cmd|'' /C calc''!A0' WHERE deal_id = 2")
    page = client_of(newsroom_url)
    answer = page.get("/deals.csv?limit=2")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == len(deals(page, "limit=500")) > 20
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))]
    assert "attachment" in answer.headers["content-disposition"]
    assert {row["deal_id"]: row["amount"] for row in rows}["1"] == "17400000000"


@pytest.mark.parametrize("path", FILES)
def test_every_file_holds_the_deals_under_the_filters_in_their_order(page: TestClient, path: str) -> None:
    asked = "kind=power&sort=largest"
    wanted = [deal["deal_id"] for deal in deals(page, f"limit=500&{asked}")]
    answer = page.get(f"{path}?{asked}")
    assert path[1:].partition(".")[2] in answer.headers["content-disposition"]
    assert [int(row["deal_id"]) for row in rows_of(path, answer.content)] == wanted
    head = page.head(f"{path}?{asked}")
    assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", answer.headers["content-type"])


def rows_of(path: str, body: bytes) -> list[dict[str, Any]]:
    if path.endswith("csv"):
        return list(csv.DictReader(io.StringIO(body.decode(), newline="")))
    if path.endswith("jsonl"):
        return [json.loads(line) for line in body.splitlines()]
    if path.endswith("parquet"):
        return pyarrow.parquet.read_table(io.BytesIO(body)).to_pylist()
    return sheet_rows(body, "rows")


def test_files_say_what_their_columns_mean(page: TestClient) -> None:
    (link,) = re.findall(r"<(.+?)>; rel=\"describedby\"", page.get("/deals.csv").headers["link"])
    beside = {c["name"]: c["dc:description"] for c in page.get(f"/{link}").json()["tableSchema"]["columns"]}
    schema = pyarrow.parquet.read_schema(io.BytesIO(page.get("/deals.parquet").content))
    parquet = {field.name: field.metadata[b"description"].decode() for field in schema}
    excel = {row["column"]: row["meaning"] for row in sheet_rows(page.get("/deals.xlsx").content, "columns")}
    assert beside == parquet == excel
    assert all(beside.values())
    assert "can be added up" in beside["amount_class"]


@pytest.mark.fault("Q7")
def test_hostile_text_is_shown_and_never_becomes_markup(newsroom_url: str, own: Connection) -> None:
    attack = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}"
    cursor = own.cursor()
    cursor.execute("UPDATE deal.deal SET headline = %s", (attack,))
    cursor.execute("UPDATE deal.organisation SET name = %s WHERE organisation_id = 'nebius'", (attack,))
    cursor.execute("UPDATE news.article_version SET title = %s", (attack,))
    cursor.execute("UPDATE news.article SET publisher = %s, url = 'javascript:alert(3)//' || article_id", (attack,))
    cursor.execute(
        "UPDATE news.feed SET title = %s, last_outcome = %s, last_detail = %s, failure_count = 3", [attack] * 3
    )
    cursor.execute("UPDATE deal.mention SET resolution = 'review' WHERE mention_id % 5 = 0")
    page = client_of(newsroom_url)
    for path in ("/", "/?text=%3Cscript%3Ealert(4)%3C/script%3E", "/deal/1", "/charts", "/feeds", "/review"):
        html = page.get(path).text
        assert "<img src=x" not in html, path
        assert "<script>" not in html
        assert 'href="javascript' not in html
        assert "}49" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.get("/deal/1").text


def test_every_answer_carries_the_headers_that_keep_it_in(page: TestClient) -> None:
    for path in ("/", "/api/deals", "/nothing", "/?limit=-1"):
        headers = page.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_an_empty_database_says_what_will_happen(database_url: str) -> None:
    page = client_of(database_url)
    assert "No feed has been polled yet" in page.get("/").text
    assert "No feed is registered yet" in page.get("/feeds").text
    assert "Nothing waits for a decision" in page.get("/review").text
    assert "No deal with a total" in page.get("/charts").text
    assert deals(page) == []


@pytest.mark.fault("A11")
def test_a_dead_database_is_answered_503_with_the_reason() -> None:
    page = client_of("postgresql://nobody@127.0.0.1:1/nothing")
    for path in ("/", "/deal/1", "/charts", "/feeds", "/review", "/api/deals", "/api/deals/1", *FILES, DESCRIBED):
        answer = page.get(path)
        assert answer.status_code == 503
        assert "cannot connect to PostgreSQL" in answer.text
    assert page.get("/", headers={"accept": "application/json"}).json()["detail"].startswith("cannot connect")


@pytest.mark.fault("Q8", "Q9")
@pytest.mark.parametrize("status", [401, 403])
def test_without_login_every_address_and_method_is_refused(newsroom_database: str, status: int) -> None:
    def nobody() -> None:
        raise HTTPException(status, "no login")

    page = client_of(newsroom_database, nobody)
    paths = ["/", "/deal/1", "/deal/x", "/charts", "/feeds", "/review", "/api/deals", "/api/deals/1", *FILES]
    paths += [DESCRIBED]
    paths += [
        "/static/1/page.css",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/nothing",
        "//deal/1",
        "/?limit=-1",
        "/static/../x",
    ]
    for path in paths:
        for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"):
            answer = page.request(method, path, headers={"host": "evil.example"})
            assert answer.status_code == status, (method, path)
            assert "OpenAI" not in answer.text
    assert "Dealwire" in page.get("/").text


def test_head_answers_like_get_without_a_body(page: TestClient) -> None:
    for path in ("/", "/deal/1", "/api/deals", "/feeds"):
        answer = page.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.fault("Q12")
def test_a_slow_database_holds_up_nobody_but_who_asked_it(newsroom_database: str) -> None:
    """The page lives in Airflow's api-server: whoever waits for rows must not block its event loop."""
    answered, asked = threading.Event(), threading.Event()

    @contextmanager
    def slow() -> Iterator[Ask]:
        asked.set()
        assert answered.wait(20)
        with reading_of(newsroom_database)() as ask:
            yield ask

    app = create_app(slow, lambda: "somebody", lambda: NOW)

    async def both() -> tuple[int, int, bool]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://page") as client:
            waiting = asyncio.create_task(client.get("/"))
            await asyncio.to_thread(asked.wait, 20)
            quick = await asyncio.wait_for(client.get("/static/x/page.css"), 10)
            still_waiting = not waiting.done()
            answered.set()
            return quick.status_code, (await waiting).status_code, still_waiting

    assert asyncio.run(both()) == (200, 200, True)
