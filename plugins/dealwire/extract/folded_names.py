"""One key for the forms of an organisation's name that labels and texts use side by side."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEGAL = (
    "inc incorporated corp corporation co company ltd limited llc plc sa sas ag gmbh nv bv spa ab as oy kk holding "
    "holdings group groupe technologies technology platform platforms the"
)
_OPTIONAL = (
    "ai asa systems labs lab digital computing compute energy capital ventures partners research networks software "
    "data cloud infrastructure power mining international global asset management investments robotics semiconductor "
    "semiconductors bank centers centres europe"
)
LEGAL_WORDS = frozenset(_LEGAL.split())
OPTIONAL_ENDINGS = frozenset(_OPTIONAL.split())
UNIT_OF = {
    "aws": "amazon",
    "amazon web services": "amazon",
    "amazon com": "amazon",
    "google cloud": "google",
    "alphabet": "google",
    "google deepmind": "google",
    "microsoft azure": "microsoft",
    "azure": "microsoft",
    "facebook": "meta",
    "oracle cloud": "oracle",
    "oracle cloud infrastructure": "oracle",
    "softbank vision fund": "softbank",
    "hpe": "hewlett packard enterprise",
    "department of war": "department of defense",
    "pentagon": "department of defense",
    "us department of defense": "department of defense",
    "us department of war": "department of defense",
    "tsmc": "taiwan semiconductor manufacturing",
}
PUNCTUATION = re.compile(r"[^\w\s]")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Case, accents, legal forms and optional endings off; a unit becomes its parent."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = PUNCTUATION.sub(" ", (ascii_only or name).casefold()).split()
    kept = [word for word in words if word not in LEGAL_WORDS] or words
    joined = " ".join(kept)
    if joined in UNIT_OF:
        return UNIT_OF[joined]
    while len(kept) > 1 and kept[-1] in OPTIONAL_ENDINGS:
        kept = kept[:-1]
    joined = " ".join(kept)
    return UNIT_OF.get(joined, joined)
