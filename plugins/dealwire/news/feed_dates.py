"""Dates of feeds and pages, read right or not at all.

General date readers guess: they take CET for UTC, an epoch number for a year, and 2016/6/29 for this month. A wrong
date puts a deal into the wrong quarter without anybody noticing, so whatever is not understood here becomes None with
a flag that says why. Every reader takes the cleaned text and returns None where the text is not of its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dealwire.news.clean_text import clean_line
from dealwire.news.date_words import DAY_FIRST, MONTHS, REGIONS, ZONES

EARLIEST_YEAR = 1995
LATEST_YEAR = 2100

_CLOCK = r"(?P<hour>\d{1,2})\s?[:h.]\s?(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,:]\d{1,9})?)?"
_HALF = r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
_ZONE = r"(?:\s*\(?(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}:?(?:\d{2})?|(?!uhr|uur)[A-Za-z]{1,5})\)?(?:\s*\([^)]{1,40}\))?)?"
_BEFORE_CLOCK = r"(?:[\s,;|–—-]|\b(?:at|à|um|a las|alle ore|alle|ore|às|om)\b)*"
_TAIL = rf"(?:{_BEFORE_CLOCK}{_CLOCK}{_HALF}{_ZONE})?\s*(?:Uhr|uur)?$"
_WEEKDAY = r"(?:[^\W\d_]{2,13}(?:-feira)?[.,]*\s+|[^\W\d_]{2,13}[.,]+\s*)?"
_MONTH = r"(?P<month>[^\W\d_]{3,10})"

_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?"
    rf"(?:[T\s_]+{_CLOCK}{_HALF}{_ZONE})?\s*$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<clock>\d{4}(?:\d{2})?)(?P<zone>Z|[+-]\d{4})?)?")
# The form that nearly all feeds use, in full; whatever is odd about it is left to the readers below.
_RFC_822 = re.compile(
    r"[A-Z][a-z]{2}, (\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d) (GMT|[+-](?:0\d|1[0-3])[0-5]\d)"
)
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")
_EAST_ASIAN = re.compile(
    r"(?P<year>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日\s*(?:[(（].{1,4}[)）])?"
    rf"\s*(?:{_CLOCK}|(?P<hour2>\d{{1,2}})\s*[时時点]\s*(?P<minute2>\d{{1,2}})\s*分)?{_ZONE}\s*$"
)
_SLASHED = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{2,4}}){_TAIL}", re.IGNORECASE
)
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?[.\s-]+(?:de\s+|d')?{_MONTH}[.,\s-]+"
    rf"(?:del?\s+)?(?P<year>\d{{2,4}}){_TAIL}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"{_WEEKDAY}{_MONTH}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[,\s]+(?P<year>\d{{4}}){_TAIL}", re.IGNORECASE
)
_ASCTIME = re.compile(rf"{_WEEKDAY}{_MONTH}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A moment in UTC or None, what is to be known about it (`date_no_zone` …), and the zone that was stated."""

    at: datetime | None
    flags: tuple[str, ...] = ()
    zone: timezone = UTC

    @property
    def stated(self) -> datetime | None:
        """The same moment on the clock that was stated, so that its day is the day that a reader sees."""
        return self.at.astimezone(self.zone) if self.at else None


def read_date(raw: str, language: str | None = None, now: datetime | None = None) -> ReadDate:
    """The date that the text states. `language` settles day and month order; `now` refuses dates that are to come."""
    text = clean_line(raw, 100)
    if not text:
        return ReadDate(None)
    for reader in _READERS:
        found = reader(text, language)
        if found is not None:
            return _plausible(found, now)
    return ReadDate(None, ("date_unreadable",))


def _plausible(read: ReadDate, now: datetime | None) -> ReadDate:
    if read.at is None:
        return read
    if read.at.year < EARLIEST_YEAR:
        return ReadDate(None, ("date_too_old",))
    if read.at.year > LATEST_YEAR or (now is not None and read.at > now + timedelta(hours=24)):
        return ReadDate(None, ("date_in_future",))
    return read


def _number(text: str | None) -> int:
    return int(text) if text else 0


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 69 else 1900)


def _offset(zone: str, moment: datetime, language: str | None) -> timezone | None:
    """The offset that a zone means at that moment; None if it is no zone we know."""
    zone = re.sub(r"^(?:utc|gmt)\s?(?=[+-])", "", zone.strip().lower())
    numeric = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})?", zone)
    if numeric:
        minutes = int(numeric[2]) * 60 + _number(numeric[3])
        return timezone(timedelta(minutes=minutes if numeric[1] == "+" else -minutes)) if minutes <= 14 * 60 else None
    if zone in REGIONS:
        delta = ZoneInfo(REGIONS[zone]).utcoffset(moment)
        return timezone(delta) if delta is not None else None
    if zone == "cst" and language == "zh":
        return timezone(timedelta(hours=8))
    return timezone(timedelta(hours=ZONES[zone])) if zone in ZONES else None


def _moment(match: re.Match[str], year: int, month: int, day: int, language: str | None) -> ReadDate:
    """Put date, clock and zone of a match together."""
    parts = match.groupdict()
    hour, minute = (
        _number(parts.get("hour") or parts.get("hour2")),
        _number(parts.get("minute") or parts.get("minute2")),
    )
    half = (parts.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    days = 1 if hour == 24 and minute == 0 else 0
    try:
        local = datetime(year, month, day, 0 if days else hour, minute, min(_number(parts.get("second")), 59))  # noqa: DTZ001
    except ValueError:
        return ReadDate(None, ("date_impossible",))
    has_clock = bool(parts.get("hour") or parts.get("hour2"))
    return _in_utc(local + timedelta(days=days), parts.get("zone"), has_clock, language)


def _in_utc(local: datetime, zone: str | None, has_clock: bool, language: str | None) -> ReadDate:
    if not has_clock:
        return ReadDate(local.replace(tzinfo=UTC), ("date_without_time",))
    if not zone:
        return ReadDate(local.replace(tzinfo=UTC), ("date_no_zone",))
    offset = _offset(zone, local, language)
    if offset is None:
        return ReadDate(None, ("date_unknown_zone",))
    try:
        return ReadDate(local.replace(tzinfo=offset).astimezone(UTC), (), offset)
    except OverflowError:
        return ReadDate(None, ("date_impossible",))


def _rfc_822(text: str, language: str | None) -> ReadDate | None:
    match = _RFC_822.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, zone = match.groups()
    try:
        local = datetime(int(year), MONTHS[month.lower()], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        if zone == "GMT":
            return ReadDate(local)
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
        offset = offset if zone[0] == "+" else -offset
        return ReadDate(local - offset, (), timezone(offset))
    except (ValueError, OverflowError):
        return None


def _epoch(text: str, language: str | None) -> ReadDate | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text) / (1000 if len(text) == 13 else 1)
    return ReadDate(datetime.fromtimestamp(seconds, UTC), ("date_epoch",))


def _iso(text: str, language: str | None) -> ReadDate | None:
    match = _ISO.match(text)
    if not match:
        return None
    read = _moment(match, int(match["year"]), int(match["m"]), _number(match["d"]) or 1, language)
    return ReadDate(read.at, (*read.flags, "date_without_day")) if read.at and not match["d"] else read


def _compact(text: str, language: str | None) -> ReadDate | None:
    match = _COMPACT.fullmatch(text)
    if not match:
        return None
    clock = match["clock"] or ""
    try:
        day = datetime(int(match["year"]), int(match["m"]), int(match["d"]))  # noqa: DTZ001
        local = day.replace(hour=_number(clock[:2]), minute=_number(clock[2:4]), second=_number(clock[4:]))
    except ValueError:
        return ReadDate(None, ("date_impossible",))
    return _in_utc(local, match["zone"], bool(clock), language)


def _east_asian(text: str, language: str | None) -> ReadDate | None:
    match = _EAST_ASIAN.match(text)
    if not match:
        return None
    read = _moment(match, int(match["year"]), int(match["m"]), int(match["d"]), language)
    hours = {"ja": 9, "zh": 8, "ko": 9}.get(language or "")
    if read.at and hours and "date_no_zone" in read.flags:
        return ReadDate(read.at - timedelta(hours=hours), ("date_zone_of_language",))
    return read


def _slashed(text: str, language: str | None) -> ReadDate | None:
    match = _SLASHED.match(text)
    if not match:
        return None
    a, b, c = match["a"], int(match["b"]), match["c"]
    if len(a) == 4:
        return _moment(match, int(a), b, int(c), language) if len(c) <= 2 else None
    if len(a) > 2 or len(c) == 3:
        return None
    first, year = int(a), _full_year(c)
    day_first = match["mark"] != "/" or language in DAY_FIRST or first > 12
    if not day_first and b <= 12 and first != b:
        return ReadDate(None, ("date_ambiguous",))
    day, month = (first, b) if day_first and b <= 12 else (b, first)
    return _moment(match, year, month, day, language)


def _worded(pattern: re.Pattern[str]) -> Callable[[str, str | None], ReadDate | None]:
    def read(text: str, language: str | None) -> ReadDate | None:
        match = pattern.match(text)
        month = MONTHS.get(match["month"].lower()) if match else None
        if match is None or month is None:
            return None
        return _moment(match, _full_year(match["year"]), month, int(match["d"]), language)

    return read


_READERS: tuple[Callable[[str, str | None], ReadDate | None], ...] = (
    _rfc_822,
    _worded(_DAY_MONTH),
    _iso,
    _epoch,
    _compact,
    _east_asian,
    _slashed,
    _worded(_MONTH_DAY),
    _worded(_ASCTIME),
)
