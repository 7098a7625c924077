from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dealwire.news.feed_dates import read_date

AT_14_05 = datetime(2025, 11, 3, 14, 5, tzinfo=UTC)
AT_13_05 = AT_14_05.replace(hour=13)


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("Mon, 03 Nov 2025 14:05:00 CET", None, AT_13_05),
        ("Mon, 03 Nov 2025 14:05:00 CEST", None, AT_14_05.replace(hour=12)),
        ("Mon, 03 Nov 2025 14:05:00 MEZ", None, AT_13_05),
        ("Mon, 3 Nov 2025 19:35:00 IST", None, AT_14_05),
        ("Mon, 03 Nov 2025 23:05:00 JST", None, AT_14_05),
        ("Mon, 03 Nov 2025 09:05:00 ET", None, AT_14_05),
        ("Mon, 03 Nov 2025 06:05 PST", None, AT_14_05),
        ("lun., 03 nov. 2025 14:05:00 +0100", None, AT_13_05),
        ("Lun, 03 Nov 2025 14:05:00 +0100", None, AT_13_05),
        ("Mo, 03 Nov 2025 14:05:00 +0100", None, AT_13_05),
        ("Mon, 03 Nov 2025 14:05:00", None, AT_14_05),
        ("Mon, 03 Nov 2025 14:05:00 GMT+0100", None, AT_13_05),
        ("Mon, 03 Nov 2025 14:05:00 +0100 (CET)", None, AT_13_05),
        ("03 Nov 25 14:05 GMT", None, AT_14_05),
        ("03/11/2025 14:05", "fr", AT_14_05),
        ("13/11/2025 14:05", None, AT_14_05.replace(day=13)),
        ("11/13/2025 14:05", None, AT_14_05.replace(day=13)),
        ("03.11.2025 14:05", None, AT_14_05),
        ("2016/6/29 15:07:41", None, datetime(2016, 6, 29, 15, 7, 41, tzinfo=UTC)),
        ("2025年11月3日 14:05", None, AT_14_05),
        ("2025年11月3日 23:05", "ja", AT_14_05),
        ("2025年11月3日 22时05分", "zh", AT_14_05),
        ("1762178700", None, AT_14_05),
        ("1762178700000", None, AT_14_05),
        ("2025-11-03T14:05:00+01:00", None, AT_13_05),
        ("2025-11-03T14:05:00.123456Z", None, AT_14_05),
        ("2025-11-03 09:05:00 -0500", None, AT_14_05),
        ("20251103T140500Z", None, AT_14_05),
        ("3 novembre 2025 14:05", None, AT_14_05),
        ("3. November 2025 um 14:05 Uhr", "de", AT_14_05),
        ("lunes, 3 de noviembre de 2025 14:05", "es", AT_14_05),
        ("segunda-feira, 3 de novembro de 2025 às 14h05", "pt", AT_14_05),
        ("3 november 2025 om 14:05 uur", "nl", AT_14_05),
        ("November 3, 2025 9:05 AM EST", None, AT_14_05),
        ("Mon Nov  3 14:05:00 2025", None, AT_14_05),
        ("Mon Nov 03 09:05:00 EST 2025", None, AT_14_05),
        ("2025-11-02T24:00:00Z", None, datetime(2025, 11, 3, tzinfo=UTC)),
        ("Nov 3, 2025", None, datetime(2025, 11, 3, tzinfo=UTC)),
    ],
)
def test_read_right(raw: str, language: str | None, expected: datetime) -> None:
    assert read_date(raw, language).at == expected


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        ("01/02/2024", "date_ambiguous"),
        ("0000-00-00", "date_impossible"),
        ("2025-02-30T10:00:00Z", "date_impossible"),
        ("2999-01-01T00:00:00Z", "date_in_future"),
        ("1970-01-01T00:00:00Z", "date_too_old"),
        ("Mon, 03 Nov 2025 14:05:00 +2500", "date_unknown_zone"),
        ("Mon, 03 Nov 2025 14:05:00 XYZ", "date_unknown_zone"),
        ("yesterday at noon", "date_unreadable"),
        ("9" * 400, "date_unreadable"),
    ],
)
def test_or_not_at_all_with_a_reason(raw: str, flag: str) -> None:
    read = read_date(raw)
    assert read.at is None
    assert flag in read.flags


def test_a_date_more_than_a_day_ahead_is_refused() -> None:
    now = AT_14_05
    assert read_date("2025-11-04T13:00:00Z", now=now).at is not None
    assert read_date("2025-11-04T15:00:00Z", now=now).flags == ("date_in_future",)


def test_what_was_assumed_is_said() -> None:
    assert read_date("2025-11-03 14:05").flags == ("date_no_zone",)
    assert read_date("2025-11-03").flags == ("date_without_time",)
