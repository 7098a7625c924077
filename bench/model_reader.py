"""How much of right answers the model reader's checks keep, and how much of the articles it would read.

    .venv/bin/python bench/model_reader.py [--reader assisted] [FILE…]

A server on loopback speaks the chat-completions protocol and answers with the labels, each value with a quote from the
text. What is lost on the way through protocol and checks is the checks' doing: this measures no model. The share of
articles that are asked about is that of label files; a news feed holds far fewer deals.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT / "tests")]

from gold_answers import Labeller  # noqa: E402
from model_server import MODEL, Asked, Said, model_server  # noqa: E402

from dealwire.extract.assemble import DEFAULT  # noqa: E402
from dealwire.extract.evaluate import news_of, report  # noqa: E402
from dealwire.extract.gold import read_all  # noqa: E402
from dealwire.extract.local import examine  # noqa: E402
from dealwire.extract.reader_model import wants_model  # noqa: E402
from dealwire.settings import load_settings  # noqa: E402
from dealwire.stages.article_reader import open_reader  # noqa: E402

GOLD = sorted((ROOT / "tests" / "gold").glob("*.jsonl"))


def main(mode: str, whole_sentences: bool, files: list[Path]) -> None:
    gold = read_all(files)
    answers = {f"{one.article.title}\n\n{one.article.text}": one for one in gold}

    def answer(asked: Asked) -> Said:
        return Said(
            json.dumps(Labeller(answers[asked.article], whole_sentences=whole_sentences).answer(), ensure_ascii=False)
        )

    with model_server() as server:
        server.answer = answer
        environment = {
            "DEALWIRE_READER": mode,
            "DEALWIRE_READER_URL": server.url,
            "DEALWIRE_READER_MODEL": MODEL,
            "DEALWIRE_READER_DAILY_BUDGET": str(len(gold)),
        }
        reader = open_reader(load_settings(environment, ROOT / "tests"), DEFAULT, lambda: datetime.now(UTC))
        outcomes = reader.read([one.article for one in gold])
    predicted = {one.article.id: news_of(outcome.mentions) for one, outcome in zip(gold, outcomes, strict=True)}
    print("\n".join(report(f"labels through protocol and checks, {mode}", gold, predicted).lines()))
    dropped = Counter(
        name.partition(": ")[2].split()[0].partition(":")[0]
        for o in outcomes
        if o.reading
        for name in o.reading.dropped
    )
    print("dropped or doubted values:", dict(dropped), "failures:", Counter(o.cause for o in outcomes if o.failure))
    seen = [(bool([d for d in one.deals if d.salience == "primary"]), examine(one.article)) for one in gold]
    for asking in ("assisted", "model"):
        for told, which in ((True, "with"), (False, "without")):
            asked = [wants_model(asking, found.mentions, found.gate) for has, found in seen if has == told]
            print(f"{asking}: asks about {sum(asked)} of {len(asked)} articles {which} news of a deal")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reader", choices=("model", "assisted"), default="model")
    parser.add_argument("--whole-sentences", action="store_true", help="quote no shorter, as some models do")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", default=GOLD)
    options = parser.parse_args()
    main(options.reader, options.whole_sentences, options.files)
