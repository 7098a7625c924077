from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dealwire.feed_model import Entry
from dealwire.news.identity import content_sha256, detect_policy, entry_keys, is_retraction, names_of, select_for_poll

MONDAY = datetime(2025, 11, 3, 14, 5, tzinfo=UTC)


def entry(number: int, **changes: object) -> Entry:
    plain = Entry(
        id=f"https://e.example.com/?p={number}",
        link=f"https://e.example.com/news/story-number-{number}",
        title=f"Story number {number}",
        summary=f"Summary of story {number}",
        content_html=None,
        authors=(),
        published_at=MONDAY + timedelta(hours=number),
        updated_at=None,
        published_raw=f"raw {number}",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def shared(a: Entry, b: Entry, policy: str = "guid") -> bool:
    return bool(names_of(entry_keys([a], policy)[0]) & names_of(entry_keys([b], policy)[0]))


def test_guid_is_the_key() -> None:
    (found,) = entry_keys([entry(1)], "guid")
    assert found.key == "g:https://e.example.com/?p=1"
    assert "l:e.example.com/news/story-number-1" in found.aliases


def test_different_stories_share_no_name() -> None:
    assert not shared(entry(1), entry(2))
    assert not shared(entry(1, title="Morning news"), entry(2, title="Morning news"))


def test_an_edit_changes_the_content_and_not_the_key() -> None:
    edited = entry(1, title="Story number 1, corrected")
    assert entry_keys([edited], "guid")[0].key == entry_keys([entry(1)], "guid")[0].key
    assert content_sha256(edited) != content_sha256(entry(1))
    assert content_sha256(entry(1, link="https://moved.example.com/")) == content_sha256(entry(1))


def test_an_exact_repetition_is_one_entry() -> None:
    assert len(entry_keys([entry(1), entry(1)], "guid")) == 1


def test_the_policy_only_moves_on() -> None:
    same_guid = [entry(n, id="x") for n in range(5)]
    assert detect_policy(same_guid, "guid") == "link"
    assert detect_policy([entry(n) for n in range(5)], "link") == "link"
    same_both = [entry(n, id="x", link="https://e.example.com/live") for n in range(5)]
    assert detect_policy(same_both, "guid") == "title"
    assert detect_policy([entry(n) for n in range(5)], "guid") == "guid"


def test_one_pair_among_many_is_no_reason_to_distrust_the_ids() -> None:
    assert detect_policy([*(entry(n) for n in range(30)), entry(40, id=entry(3).id)], "guid") == "guid"


def test_new_ones_beyond_the_limit_wait_for_the_next_poll() -> None:
    identified = entry_keys([entry(n) for n in range(12)], "guid")
    now, left = select_for_poll(identified, frozenset(), limit=5)
    assert ({item.entry.title for item in now}, left) == ({f"Story number {n}" for n in range(7, 12)}, 7)
    known = frozenset(item.key for item in now)
    later, left = select_for_poll(identified, known, limit=5)
    assert (len(later), left) == (10, 2)


def test_retractions_are_told_by_their_title() -> None:
    for title in (
        "RETRACTED: Story number 1",
        "[Withdrawn] Story",
        "Retraction — Story",
        "撤回：工場の記事",
    ):
        assert is_retraction(title)
    for title in ("Retractable roof for data centre", "Withdrawn bid costs builder", "Retirada de 300 baterías", "X"):
        assert not is_retraction(title)
