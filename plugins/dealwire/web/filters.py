"""What a reader may ask of the table of deals, checked before anything reaches the database.

A cursor names the last row of the page before: its value in the order, and its id. It is opaque to readers and as
untrusted as everything else in an address.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from dealwire.model import Kind, Status

Sort = Literal["newest", "oldest", "updated", "largest", "smallest", "sources"]
BY_TIME: Mapping[str, str] = {"newest": "first_reported_at", "oldest": "first_reported_at", "updated": "updated_at"}
BY_NUMBER: Mapping[str, str] = {
    "largest": "amount_usd",
    "smallest": "amount_usd",
    "sources": "independent_source_count",
}
MOST_ROWS = 500
ROWS = 50
_MOST_WORDS = 8
_MOST_ID = 2**63 - 1
_MOST_USD = Decimal(10) ** 15
_WORD = re.compile(r"[^\W_]+")


def _absent_if_empty(value: object) -> object:
    """A form sends every field; an empty one says nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def _absent_limit(value: object) -> object:
    return ROWS if _absent_if_empty(value) is None else value


def cleaned(text: str | None) -> str | None:
    """Without control characters, which PostgreSQL refuses or nobody sees."""
    if text is None:
        return None
    kept = "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in text)
    return " ".join(kept.split()) or None


def _checked_cursor(text: str | None) -> str | None:
    if text is not None:
        read_cursor(text)
    return text


Empty = BeforeValidator(_absent_if_empty)
Text = Annotated[Annotated[str, Field(max_length=200)] | None, Empty, AfterValidator(cleaned)]
Dollars = Annotated[Decimal, Field(ge=0, le=_MOST_USD, allow_inf_nan=False)]
Cursor = Annotated[str, Field(max_length=300)]


class Filters(BaseModel):
    """The filters, the order and the page of the table; all optional."""

    model_config = ConfigDict(frozen=True)

    text: Text = None
    party: Text = None
    kind: Annotated[Kind | None, Empty] = None
    status: Annotated[Status | None, Empty] = None
    min_usd: Annotated[Dollars | None, Empty] = None
    since: Annotated[date | None, Empty] = None
    sort: Annotated[Sort, BeforeValidator(lambda value: _absent_if_empty(value) or "newest")] = "newest"
    limit: Annotated[int, BeforeValidator(_absent_limit), Field(ge=1, le=MOST_ROWS)] = ROWS
    after: Annotated[Cursor | None, Empty, AfterValidator(_checked_cursor)] = None

    def parameters(self) -> dict[str, Any]:
        """The parameters of `page_deals`; one row more than asked for tells whether another page follows."""
        return {**self.counted(), "sort": self.sort, "limit": self.limit + 1, **self._behind()}

    def counted(self) -> dict[str, Any]:
        """The parameters of `page_deals_count`."""
        return {
            "text": words_query(self.text) if self.text else None,
            "party": self.party,
            "kind": self.kind,
            "status": self.status,
            "min_usd": self.min_usd,
            "since": self.since,
        }

    def exported(self) -> dict[str, Any]:
        """The filters and the order of a file, which has no pages."""
        return {**self.counted(), "sort": self.sort}

    def _behind(self) -> dict[str, Any]:
        behind: dict[str, Any] = {"after_at": None, "after_number": None, "after_id": None}
        if self.after is None:
            return behind
        value, deal_id = read_cursor(self.after)
        behind["after_id"] = deal_id
        if self.sort in BY_TIME and isinstance(value, datetime):
            behind["after_at"] = value
        elif self.sort in BY_NUMBER and isinstance(value, Decimal):
            behind["after_number"] = value
        return behind

    def asked(self) -> dict[str, str]:
        """What was asked, for links and forms: without empty fields and defaults."""
        asked = self.model_dump(mode="json", exclude_none=True, exclude_defaults=True, exclude={"after"})
        return {name: str(value) for name, value in asked.items()}

    def cursor(self, row: Any) -> str:
        """The cursor behind a row of this order."""
        value = getattr(row, BY_TIME.get(self.sort) or BY_NUMBER[self.sort])
        said = value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)
        return base64.urlsafe_b64encode(json.dumps([said, row.deal_id]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime | Decimal | None, int]:
    """The value and the id that a cursor names; ValueError where it is none of ours."""
    try:
        said, deal_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if type(deal_id) is not int or not 0 < deal_id <= _MOST_ID:
            raise ValueError
        if said is None:
            return None, deal_id
        if not isinstance(said, str):
            raise ValueError
        return (_time(said) if "T" in said else _number(said)), deal_id
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise ValueError("is not a position in this table; start again from the first page") from error


def _time(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _number(said: str) -> Decimal:
    number = Decimal(said)
    if not number.is_finite() or abs(number) > 10 * _MOST_USD:
        raise ValueError
    return number


def words_query(text: str) -> str:
    """The words of a text as a search for deals that hold all of them, each as the beginning of a word."""
    words = _WORD.findall(text.lower())[:_MOST_WORDS]
    return " & ".join(f"'{word}':*" for word in words)


class StrictFilters(Filters):
    """The filters of the API, where a misspelt one is an error and not silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
