"""URLs: resolved, without tracking, in one spelling, and compared by registrable site. No network."""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

import idna
import tld
from w3lib.url import safe_url_string

MAX_URL = 2048

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_SAFE = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?-]*")  # nothing to quote in it
# What is in its one spelling already, as most links are: nothing below would change it.
_PLAIN = re.compile(
    r"https?://(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)"
    r"/[A-Za-z0-9._~!$&'()*+,=:@/-]*(?P<query>\?[A-Za-z0-9._~!$&'()*+,=:@/?-]+)?"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING_PREFIXES = ("utm_", "pk_", "piwik_", "matomo_", "hsa_", "mtm_", "__hs", "at_custom", "vero_", "wt.")
_TRACKING_NAMES = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "yclid", "igshid",
    "mc_cid", "mc_eid", "mkt_tok", "oly_anon_id", "oly_enc_id", "_hsenc", "_hsmi", "hsctatracking", "cmpid", "ncid",
    "sr_share", "xtor", "at_medium", "at_campaign", "at_creation", "s_cid", "wickedid", "ref_src", "ref_url", "spm",
    "scm", "feature_src", "guccounter", "guce_referrer", "guce_referrer_sig", "rss_id", "origin_feed",
})  # fmt: skip
# Links that only wrap the address they lead to, as Google Alerts and social networks write them: host, path, parameter.
_WRAPPERS = {
    ("google.com", "/url"): ("url", "q"),
    ("facebook.com", "/l.php"): ("u",),
    ("l.facebook.com", "/l.php"): ("u",),
    ("out.reddit.com", "/"): ("url",),
    ("t.umblr.com", "/redirect"): ("z",),
}


def _host(parts: SplitResult) -> str | None:
    """The host in lower-case ASCII, or None where it is no host."""
    try:
        host = parts.hostname
    except ValueError:
        return None
    if not host or "%" in host or "\\" in host:
        return None
    host = host.rstrip(".")
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host).compressed}]"
        except ValueError:
            return None
    if host.isascii():
        return host if re.fullmatch(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?", host) and ".." not in host else None
    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None


def absolute_url(url: str, base: str | None = None) -> str | None:
    """The URL made absolute, in ASCII, with its query untouched, as it is fetched; None if it is not http(s)."""
    url = _CONTROLS.sub("", url.strip())
    if _PLAIN.fullmatch(url) and len(url) <= MAX_URL:
        return url
    try:
        joined = urljoin(base, url) if base else url
        parts = urlsplit(joined.strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    host = _host(parts)
    if scheme not in _DEFAULT_PORTS or host is None or parts.username is not None or parts.password is not None:
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    whole = f"{scheme}://{netloc}{path}{query}"
    try:
        absolute: str = whole if _SAFE.fullmatch(whole) else safe_url_string(whole)
    except (ValueError, UnicodeError):
        return None
    return absolute if len(absolute) <= MAX_URL else None


def _is_tracking(name: str) -> bool:
    name = name.lower()
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)


def _unwrapped(url: str) -> str:
    """The target of a link that carries it as a parameter; two wrappings deep at most."""
    for _ in range(2):
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        names = _WRAPPERS.get((host, parts.path))
        if not names:
            break
        values = dict(parse_qsl(parts.query))
        target = next((absolute_url(values[name]) for name in names if name in values), None)
        if target is None:
            break
        url = target
    return url


def canonical_url(url: str, base: str | None = None) -> str | None:
    """One spelling per address: absolute http(s), no tracking, no fragment, no default port, sorted query.

    None where the link leads nowhere we would go: another scheme, credentials in it, no host, over 2,048 characters.
    """
    absolute = absolute_url(url, base)
    if absolute is None:
        return None
    plain = _PLAIN.fullmatch(absolute)
    if plain and not plain["query"]:
        return absolute
    parts = urlsplit(_unwrapped(absolute))
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(pair[0])]
    query = f"?{urlencode(sorted(pairs))}" if pairs else ""
    if not pairs and parts.query and "=" not in parts.query:
        query = f"?{parts.query}"
    result = f"{parts.scheme}://{parts.netloc}{parts.path or '/'}{query}"
    return result if len(result) <= MAX_URL else None


def url_sha256(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()


def host_and_port(url: str) -> tuple[str, int]:
    """The host (IPv6 without brackets) and port of a URL that `absolute_url` returned."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]


@functools.lru_cache(maxsize=4096)
def _site_of_host(host: str) -> str | None:
    found = tld.get_fld(f"https://{host}/", fail_silently=True, search_private=True)
    return str(found) if found else None


def site(url: str) -> str | None:
    """The registrable domain by the public suffix list inside the tld package; host and port where there is none."""
    plain = _PLAIN.fullmatch(url)
    found = _site_of_host(plain["host"]) if plain else None
    if found:
        return found
    absolute = absolute_url(url)
    if absolute is None:
        return None
    host, port = host_and_port(absolute)
    return _site_of_host(host) or f"{host}:{port}"


def same_site(a: str, b: str) -> bool:
    first = site(a)
    return first is not None and first == site(b)


def is_root(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
