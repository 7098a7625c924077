"""extract, eval and doctor with a language model on loopback: the labels come back through protocol and checks."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from gold_answers import Labeller
from model_server import MODEL, Asked, ModelServer, Said, model_server, refusal

from dealwire.chat.protocol import Failure
from dealwire.cli.main import main
from dealwire.cli.reader_check import check_endpoint
from dealwire.extract.gold import Labelled, read_gold
from dealwire.extract.reader_prompt import examples
from dealwire.settings import from_environment

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold" / "newsroom.jsonl"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    for name in [name for name in os.environ if name.startswith(("DEALWIRE_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    with model_server() as running:
        monkeypatch.setenv("DEALWIRE_HOME", str(tmp_path))
        monkeypatch.setenv("DEALWIRE_READER_URL", running.url)
        monkeypatch.setenv("DEALWIRE_READER_MODEL", MODEL)
        monkeypatch.setenv("DEALWIRE_READER_KEY", "sk-canary-1")
        monkeypatch.setenv("DEALWIRE_READER_TIMEOUT", "5")
        yield running


def label_of(labels: dict[str, Labelled], asked: Asked) -> Said:
    title = asked.article.partition("\n\n")[0]
    return Said(json.dumps(Labeller(labels[title]).answer(), ensure_ascii=False))


def test_a_model_that_answers_with_the_labels_is_measured_at_what_the_checks_keep(
    server: ModelServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    some = tmp_path / "some.jsonl"  # bench/model_reader.py measures all
    some.write_text("\n".join(GOLD.read_text("utf-8").splitlines()[::4]), "utf-8")
    labels = {one.article.title: one for one in read_gold(some)}
    server.answer = lambda asked: label_of(labels, asked)
    assert main(["eval", "--reader", "model", str(some)]) == 0
    shown = capsys.readouterr()
    header = next(line for line in shown.out.splitlines() if " reader " in line)
    assert MODEL in header
    row = next(line.split() for line in shown.out.splitlines() if line.startswith("all "))
    deal_f1, record_f1 = float(row[4]), float(row[5])
    assert deal_f1 > 0.93
    assert record_f1 > 0.8
    assert 8 < len(server.asked) <= len(labels)


def test_a_model_that_cannot_be_measured_is_said_to_be_so(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer = lambda asked: refusal(401, "no such key")
    assert main(["eval", "--reader", "model", str(GOLD)]) == 2
    shown = capsys.readouterr()
    assert "the model read no article" in shown.err
    assert "deal P" not in shown.out


def test_extract_answers_a_line_an_article_whatever_the_model_does(
    server: ModelServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = {one.article.title: one for one in read_gold(GOLD)}
    lines = GOLD.read_text("utf-8").splitlines()[:12]
    server.answer = lambda asked: label_of(labels, asked) if len(server.asked) % 2 else refusal(400, "content policy")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["extract", "--reader", "model", "--resolve"]) == 0
    shown = capsys.readouterr()
    found = [json.loads(line) for line in shown.out.splitlines()]
    assert [one["id"] for one in found] == [json.loads(line)["id"] for line in lines]
    versions = {deal["extractor_version"].split("-")[0] for one in found for deal in one["deals"]}
    assert versions == {"model", "local"}
    assert "because of refused" in shown.err
    assert "canary" not in shown.out + shown.err
    bodies = {json.loads(line)["id"]: json.loads(line) for line in lines}
    for one in found:
        body = f"{bodies[one['id']]['title']}\n\n{bodies[one['id']]['text']}"
        for deal in one["deals"]:
            assert all(body[e["start"] : e["end"]] == e["quote"] for e in deal["evidence"])


def test_the_setting_chooses_where_no_option_does(
    server: ModelServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = next(line for line in GOLD.read_text("utf-8").splitlines() if json.loads(line)["deals"])
    for reader, asked in (("model", 1), ("local", 1)):
        monkeypatch.setenv("DEALWIRE_READER", reader)
        monkeypatch.setattr("sys.stdin", io.StringIO(line))
        assert main(["extract"]) == 0
        assert len(server.asked) == asked


def test_a_model_that_is_not_set_up_is_named(
    server: ModelServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEALWIRE_READER_MODEL")
    assert main(["extract", "--reader", "assisted"]) == 2
    assert "DEALWIRE_READER_MODEL is missing" in capsys.readouterr().err


def example(asked: Asked) -> Said:
    answers = {article.title: answer for article, answer in examples()}
    return Said(json.dumps(answers[asked.article.partition("\n\n")[0]]))


@pytest.mark.parametrize(
    ("models", "said", "states", "told"),
    [
        (None, None, ["ok"], "reads 2 of 2 deals"),
        (refusal(404, "no list"), None, ["ok"], "reads 2 of 2 deals"),
        (Said(body=b'{"data": [{"id": "small-1"}]}'), None, ["warning", "ok"], "lacks careful-1; it has small-1"),
        (refusal(401, "bad key sk-canary-1"), None, ["problem"], "DEALWIRE_READER_KEY"),
        (None, refusal(401, "bad key sk-canary-1"), ["problem"], "DEALWIRE_READER_KEY"),
        (None, refusal(404, "no such model"), ["problem"], "DEALWIRE_READER_MODEL"),
        (None, Said("Gladly! First,"), ["problem"], "larger one"),
        (None, Said(), ["warning"], "reads 0 of 2 deals"),
        (None, Said(slow=2), ["problem"], "DEALWIRE_READER_TIMEOUT"),
    ],
)
def test_doctor_tells_what_the_model_lacks(
    server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
    models: Said | None,
    said: Said | None,
    states: list[str],
    told: str,
) -> None:
    monkeypatch.setenv("DEALWIRE_READER", "model")
    monkeypatch.setenv("DEALWIRE_READER_TIMEOUT", "1")
    server.models = models or server.models
    server.answer = (lambda asked: said) if said else example
    found = list(check_endpoint(from_environment()))
    assert [state for state, _ in found] == states
    assert told in " ".join(detail for _, detail in found)
    assert "canary" not in repr(found)


def test_doctor_finds_nobody_at_the_address(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEALWIRE_READER", "model")
    monkeypatch.setenv("DEALWIRE_READER_URL", "http://127.0.0.1:9/v1")
    ((state, detail),) = check_endpoint(from_environment())
    assert state == "problem"
    assert "does the server run" in detail
    assert Failure("unreachable", "x").reason in detail
