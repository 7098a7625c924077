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

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

THRESHOLD = 0.18
MIN_SHINGLES = 20
MIN_ANCHORS = 3
ANCHORS_SHARED = 0.5
MAX_BUCKET = 64
SORT_FROM = 256

_PERMUTATIONS, _ANCHOR_PERMUTATIONS = 128, 64
_BANDS = _PERMUTATIONS // 2
_HEAD = struct.Struct("<BII")
_VERSION = 1
_SKETCH_END = _HEAD.size + 4 * _PERMUTATIONS
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
    shingles, anchors = _check(signed)
    numbers = array("I")
    numbers.frombytes(signed[_HEAD.size :])
    return shingles, anchors, numbers[:_PERMUTATIONS], numbers[_PERMUTATIONS:]


def _check(signed: bytes) -> tuple[int, int]:
    version, shingles, anchors = _HEAD.unpack_from(signed)
    if version != _VERSION or len(signed) != _SIZE:
        raise ValueError("not a signature of this version")
    return shingles, anchors


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
    """Signatures by key, to find the most similar one without comparing all; about 2 kB each.

    Those that were added together lie in sorted arrays, one for each band; single ones in a dictionary.
    """

    def __init__(self) -> None:
        self._signatures: dict[int, bytes] = {}
        self._sorted: list[_Sorted] = []
        self._buckets: dict[tuple[int, int], list[int]] = {}

    def add(self, key: int, signed: bytes) -> None:
        self._signatures[key] = signed
        for band in enumerate(_bands([signed])[0].tolist()):
            bucket = self._buckets.setdefault(band, [])
            if len(bucket) < MAX_BUCKET:  # a sentence that thousands share must not make this quadratic
                bucket.append(key)

    def extend(self, pairs: Sequence[tuple[int, bytes]]) -> None:
        """Add many, such as all of the last month."""
        if len(pairs) < SORT_FROM:
            for key, signed in pairs:
                self.add(key, signed)
            return
        self._signatures.update(pairs)
        self._sorted.append(_Sorted([key for key, _ in pairs], [signed for _, signed in pairs]))

    def matches(self, signed: bytes) -> list[tuple[float, int]]:
        """Keys of the same text with their similarity, the most similar first."""
        bands = _bands([signed])[0]
        candidates = {key for band in enumerate(bands.tolist()) for key in self._buckets.get(band, ())}
        for part in self._sorted:
            candidates |= part.candidates(bands)
        scored = ((similarity(signed, self._signatures[key]), key) for key in candidates)
        return sorted((pair for pair in scored if pair[0] >= THRESHOLD), key=lambda pair: (-pair[0], pair[1]))


class _Sorted:
    """Many signatures, by each of their bands in order."""

    def __init__(self, keys: Sequence[int], signatures: Sequence[bytes]) -> None:
        self._keys = np.array(keys, dtype=np.int64)
        bands = _bands(signatures)
        orders = [np.argsort(bands[:, band], kind="stable").astype(np.int32) for band in range(_BANDS)]
        self._columns = [(np.ascontiguousarray(bands[order, band]), order) for band, order in enumerate(orders)]

    def candidates(self, bands: NDArray[np.uint64]) -> set[int]:
        found: set[int] = set()
        for (values, order), band in zip(self._columns, bands, strict=True):
            first = int(np.searchsorted(values, band))
            if first < len(values) and values[first] == band:
                last = min(int(np.searchsorted(values, band, side="right")), first + MAX_BUCKET)
                found.update(self._keys[order[first:last]].tolist())
        return found


def _bands(signatures: Sequence[bytes]) -> NDArray[np.uint64]:
    """A row a signature: each pair of neighbouring numbers of its sketch as one number."""
    for signed in signatures:
        _check(signed)
    sketches = np.frombuffer(b"".join(signed[_HEAD.size : _SKETCH_END] for signed in signatures), dtype=np.uint64)
    return sketches.reshape(len(signatures), _BANDS)


def group(signatures: Sequence[bytes]) -> list[int]:
    """For each signature the position of the first one of its group; a text like no other is its own group."""
    index = Index()
    first: list[int] = []
    for position, signed in enumerate(signatures):
        found = index.matches(signed)
        first.append(first[found[0][1]] if found else position)
        index.add(position, signed)
    return first
