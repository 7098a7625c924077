"""Names of organisations as comparable text: folding, legal forms, provisional identities, near spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

# Legal forms as they stand after folding: no dots, no capitals. They never tell two companies apart.
_LEGAL_FORMS = """
inc incorporated corp corporation co company ltd limited llc llp lp plc pbc sa sas sasu sarl ag se gmbh mbh kg kgaa ohg
ev nv bv spa srl sl slu sau ab asa as oy oyj aps kk kabushiki kaisha godo gk pte pty bhd sdn berhad pjsc psc ojsc jsc
fzco fze tbk pt cv sab ltda eireli holding holdings group groupe gruppe gruppo grupo the cie
"""
_LEGAL = frozenset(_LEGAL_FORMS.split())
_LEGAL_CJK = re.compile(
    r"株式会社|有限会社|合同会社|[(（]株[)）]|㈱|股份有限公司|有限责任公司|有限公司|股份公司|集团|集團|グループ|ホールディングス|控股|公司$|社$"
)
_MARKS = re.compile("[\u0300-\u036f]+")
_LATIN_MARKED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_NOT_WORD = re.compile(r"[^\w]+")
_SPECIAL = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
    }
)

SIMILAR = 92.0  # rapidfuzz ratio from which two spellings are one name
_SIMILAR_WORD = 85.0  # what two words of such names must reach each
SHORTEST_SIMILAR = 5  # shorter names differ by one letter too easily ("Aker", "Acer")


def plain(text: str) -> str:
    """Lower case without diacritics; one space for every run of punctuation. Other scripts keep their letters."""
    text = unicodedata.normalize("NFKC", text).translate(_SPECIAL)
    if _LATIN_MARKED.search(text):
        bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", bare).translate(_SPECIAL)  # again, for the Æ of Ǽ
    return _NOT_WORD.sub(" ", text.casefold()).strip()


@lru_cache(maxsize=4096)  # an article names the same ones again and again
def fold_name(name: str) -> str:
    """The key under which spellings of one name meet: "Nebius Group N.V." and "Nebius" are equal.

    A name that consists of legal forms alone ("Group AG") keeps them.
    """
    bare = _LEGAL_CJK.sub("", name) or name
    words = plain(bare.replace("’", "'").replace("'s ", " ").replace(".", "").replace("A/S", "AS")).split()
    kept = [word for word in words if word not in _LEGAL]
    return " ".join(kept or words) or plain(name)


def provisional_id(name: str) -> str:
    """Identity of an organisation that the gazetteer lacks: stable for every spelling that folds alike."""
    return "x:" + fold_name(name).replace(" ", "-")


def most_similar(name: str, folded_names: Mapping[str, str] | Iterable[str]) -> str | None:
    """The folded name that is all but equal to `name`; None where none is near enough or figures differ."""
    folded = fold_name(name)
    if len(folded) < SHORTEST_SIMILAR:
        return None
    found = process.extractOne(folded, list(folded_names), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    if found is None:
        return None
    candidate: str = found[0]
    return candidate if _same_word_by_word(folded, candidate) else None


def _same_word_by_word(one: str, other: str) -> bool:
    """Long names that share most of their words are not near for that: Government of Niger, Government of Nigeria."""
    if one[0] != other[0] or _digits(one) != _digits(other):
        return False
    pairs = zip(one.split(), other.split(), strict=True) if one.count(" ") == other.count(" ") else ()
    return all(fuzz.ratio(a, b) >= _SIMILAR_WORD for a, b in pairs)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
