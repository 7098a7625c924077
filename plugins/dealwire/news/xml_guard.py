"""What is looked at before an XML parser sees a feed: its encoding, its entities, absurd fields, a missing end.

Old expat crashes the interpreter on long entity chains, and feedparser's author pattern takes quadratic time. Both are
stopped here in linear time; the child process (`sandbox`) is the second line of defence.
"""

from __future__ import annotations

import codecs
import re

MAX_ENTITIES = 300  # the three HTML entity sets together declare 253
MAX_ENTITY_LENGTH = 1_000
MAX_AUTHOR_LENGTH = 500

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STARTS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARED_AT_ALL = re.compile(rb"^\s*<\?xml[^>]{0,300}\?>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENTITY = re.compile(r"<!ENTITY\b([^>]*)>?")
_PLAIN_ENTITY = re.compile(r"""\s+[^\s%"']+\s+("(?:&\#\w{1,8};|[^&%"])*"|'(?:&\#\w{1,8};|[^&%'])*')\s*""")
_LONG_AUTHOR = re.compile(
    rb"(<(?:[A-Za-z][\w.-]*:)?(?:author|creator|managingEditor|webMaster|publisher|contributor|owner|name|email)\b"
    rb"[^<>]{0,500}>\s*(?:<!\[CDATA\[)?)([^<]{%d})[^<]+" % MAX_AUTHOR_LENGTH,
    re.IGNORECASE,
)
_ROOT = re.compile(rb"<((?:rdf:)?RDF|rss|feed|channel)\b", re.IGNORECASE)
_LAST_ITEM = re.compile(rb"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)


def to_utf8(body: bytes) -> bytes:
    """A wide, EBCDIC or UTF-7 document turned into UTF-8; everything else as it is, for feedparser to judge."""
    wide = next((name for mark, name in (*_BOMS, *_STARTS) if body.startswith(mark)), None)
    declared = _DECLARED.match(body)
    if wide is None and declared and declared[1].lower() in (b"utf-7", b"utf7", b"u7"):
        wide = "utf-7"
    if wide is None and declared and declared[1].lower().startswith((b"utf-16", b"utf-32", b"ucs-", b"unicode")):
        return _DECLARED_AT_ALL.sub(b"", body, count=1)  # readable as ASCII, so it is not what it says
    if wide is None:
        return body
    text = body.decode(wide, "replace").lstrip("\ufeff")
    return _DECLARATION.sub("<?xml version='1.0' encoding='utf-8'?>", text, count=1).encode("utf-8", "replace")


def entity_fault(body: bytes) -> str | None:
    """Why the entities declared in this document are refused; None if there are none or only short plain ones."""
    if b"<!ENTITY" not in body and b"<!entity" not in body.lower()[:65536]:
        return None
    declarations = _ENTITY.findall(body.decode("latin-1"))
    if len(declarations) > MAX_ENTITIES:
        return f"{len(declarations)} entities declared"
    for declaration in declarations:
        if len(declaration) > MAX_ENTITY_LENGTH:
            return f"an entity of {len(declaration)} characters"
        if not _PLAIN_ENTITY.fullmatch(declaration):
            return "an entity that refers to others, to a file or to an address"
    return None


def cut_authors(body: bytes) -> bytes:
    """Author fields cut to 500 bytes, before feedparser's pattern meets them."""
    return _LONG_AUTHOR.sub(rb"\1\2", body)


def is_cut_off(body: bytes) -> bool:
    """Whether the document's root element is never closed."""
    root = _ROOT.search(body)
    if root is None:
        return False
    return b"</" + root[1].lower() not in body[root.end() :].lower()


def up_to_last_item(body: bytes) -> bytes:
    """The document up to the end of its last complete item, so that a half item is never taken for a whole one."""
    ends = [match.end() for match in _LAST_ITEM.finditer(body)]
    return body[: ends[-1]] if ends else b""
