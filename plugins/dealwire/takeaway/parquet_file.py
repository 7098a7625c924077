"""Parquet: typed columns, each with its meaning in the field's metadata (`description`)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dealwire.takeaway.columns import Column, Holds, Rows, in_json

if TYPE_CHECKING:
    import pyarrow


def parquet_file(rows: Rows) -> Iterator[bytes]:
    """The file in pieces: a row group a batch. Numbers are doubles, times are UTC."""
    import pyarrow
    import pyarrow.parquet

    fields = [
        pyarrow.field(column.name, _type_of(column.holds), metadata={"description": column.about})
        for column in rows.columns
    ]
    schema = pyarrow.schema(fields)
    written = io.BytesIO()
    with pyarrow.parquet.ParquetWriter(_Onward(written), schema) as writer:
        for batch in rows.batches:
            values = zip(*batch, strict=True)
            arrays = [
                pyarrow.array([_plain(column, value) for value in part], field.type)
                for column, field, part in zip(rows.columns, schema, values, strict=True)
            ]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))
            yield _taken(written)
    yield _taken(written)


class _Onward(io.RawIOBase):
    """A file that is only written at its end; the bytes are taken out of the buffer as they come."""

    def __init__(self, buffer: io.BytesIO) -> None:
        super().__init__()
        self._buffer = buffer
        self._at = 0

    def writable(self) -> bool:
        """It is what it is for."""
        return True

    def write(self, data: Any, /) -> int:
        """Append, and count."""
        count = self._buffer.write(data)
        self._at += count
        return count

    def tell(self) -> int:
        """How much was ever written: Parquet's footer names places by it."""
        return self._at


def _taken(buffer: io.BytesIO) -> bytes:
    taken = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return taken


def _type_of(holds: Holds) -> pyarrow.DataType:
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "day": pyarrow.date32(),
        "time": pyarrow.timestamp("us", tz="UTC"),
        "list": pyarrow.list_(pyarrow.string()),
        "json": pyarrow.string(),
    }
    return types[holds]


def _plain(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.holds == "number":
        return float(value)
    if column.holds == "list":
        return [str(part) for part in value]
    if column.holds == "json":
        return json.dumps(in_json(value), ensure_ascii=False)
    return str(value) if column.holds == "text" else value
