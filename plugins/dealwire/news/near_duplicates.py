"""Wire copies, reprints and excerpts of one text, found before anything is extracted from them.

A signature is a MinHash over word triples (character triples where words are not spaced) and a smaller one over the
text's anchors: its numbers and names. Two market reports share most triples and few anchors; an excerpt shares half of
the triples and its anchors. Both must agree.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterable, Sequence

from rensa import RMinHash

THRESHOLD = 0.18
MIN_SHINGLES = 20
MIN_ANCHORS = 3
ANCHORS_SHARED = 0.5
MAX_BUCKET = 64

_PERMUTATIONS, _ANCHOR_PERMUTATIONS = 128, 64
_BANDS, _ROWS = 64, 2
_HEAD = struct.Struct("<BII")
_VERSION = 1
_SIZE = _HEAD.size + 4 * (_PERMUTATIONS + _ANCHOR_PERMUTATIONS)
_WORDS = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def _shingles(written: Sequence[str]) -> set[str]:
    words = " ".join(written).lower().split()
    joined = "".join(words)
    if 3 * len(_UNSPACED.findall(joined)) > len(joined):
        return {joined[i : i + 4] for i in range(max(len(joined) - 3, 1))}
    return set(map(" ".join, zip(words, words[1:], words[2:], strict=False)))


def _anchors(written: Sequence[str]) -> set[str]:
    """Numbers, and words that begin with a capital."""
    return {word for word in set(written) if word[0].isdigit() or (len(word) > 2 and word[0].isupper())}


def _digest(tokens: Iterable[str], permutations: int) -> list[int]:
    sketch = RMinHash(num_perm=permutations, seed=42)
    sketch.update(list(tokens))
    return [int(value) for value in sketch.digest()]


def signature(text: str) -> bytes:
    """The text's signature, 777 bytes; the same text always gives the same one."""
    written = _WORDS.findall(text)
    shingles, anchors = _shingles(written), _anchors(written)
    numbers = array("I", _digest(shingles, _PERMUTATIONS) + _digest(anchors, _ANCHOR_PERMUTATIONS))
    return _HEAD.pack(_VERSION, len(shingles), len(anchors)) + numbers.tobytes()


def _parts(signed: bytes) -> tuple[int, int, array[int], array[int]]:
    version, shingles, anchors = _HEAD.unpack_from(signed)
    if version != _VERSION or len(signed) != _SIZE:
        raise ValueError("not a signature of this version")
    numbers = array("I")
    numbers.frombytes(signed[_HEAD.size :])
    return shingles, anchors, numbers[:_PERMUTATIONS], numbers[_PERMUTATIONS:]


def _jaccard(a: array[int], b: array[int]) -> float:
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)


def _contained(jaccard: float, size_a: int, size_b: int) -> float:
    """The share of the smaller set that the larger one holds too."""
    return min(1.0, jaccard / (1 + jaccard) * (size_a + size_b) / max(min(size_a, size_b), 1))


def similarity(a: bytes, b: bytes) -> float:
    """0 to 1; from THRESHOLD up the texts are one text edited. Near 0 where too little text is there to tell."""
    shingles_a, anchors_a, sketch_a, names_a = _parts(a)
    shingles_b, anchors_b, sketch_b, names_b = _parts(b)
    if min(shingles_a, shingles_b) < MIN_SHINGLES:
        return 1.0 if a == b and shingles_a else 0.0
    jaccard = _jaccard(sketch_a, sketch_b)
    if min(anchors_a, anchors_b) >= MIN_ANCHORS:
        shared = _contained(_jaccard(names_a, names_b), anchors_a, anchors_b)
        if shared < ANCHORS_SHARED:
            return jaccard * shared * 0.4
    return jaccard


class Index:
    """Signatures by key, to find the most similar one without comparing all."""

    def __init__(self) -> None:
        self._signatures: dict[int, bytes] = {}
        self._buckets: dict[tuple[int, int, int], list[int]] = {}

    def add(self, key: int, signed: bytes) -> None:
        self._signatures[key] = signed
        for band in _bands(signed):
            bucket = self._buckets.setdefault(band, [])
            if len(bucket) < MAX_BUCKET:  # a sentence that thousands share must not make this quadratic
                bucket.append(key)

    def matches(self, signed: bytes) -> list[tuple[float, int]]:
        """Keys of the same text with their similarity, the most similar first."""
        candidates = {key for band in _bands(signed) for key in self._buckets.get(band, ())}
        scored = ((similarity(signed, self._signatures[key]), key) for key in candidates)
        return sorted((pair for pair in scored if pair[0] >= THRESHOLD), key=lambda pair: (-pair[0], pair[1]))


def _bands(signed: bytes) -> list[tuple[int, int, int]]:
    sketch = _parts(signed)[2]
    return [(band, sketch[band * _ROWS], sketch[band * _ROWS + 1]) for band in range(_BANDS)]


def group(signatures: Sequence[bytes]) -> list[int]:
    """For each signature the position of the first one of its group; a text like no other is its own group."""
    index = Index()
    first: list[int] = []
    for position, signed in enumerate(signatures):
        found = index.matches(signed)
        first.append(first[found[0][1]] if found else position)
        index.add(position, signed)
    return first
