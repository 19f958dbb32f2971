"""The messages between the supervisor and a worker, over a pair of connected sockets.

Each message is MessagePack, after its length in four bytes. During an upgrade, the supervisor and a
worker may be of different versions. Each side therefore ignores messages that it does not know.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator
from typing import TypeVar

import msgspec
from msgspec import Struct

from flagstaff.monitoring.families import Family

T = TypeVar("T")

# How often a worker that is ready says that its event loop runs.
ALIVE_INTERVAL_S = 5.0

_LENGTH_BYTES = 4
_encoder = msgspec.msgpack.Encoder()


class Ready(Struct, tag="ready", frozen=True):
    """From a worker: it accepts requests."""


class Alive(Struct, tag="alive", frozen=True):
    """From a worker, every `ALIVE_INTERVAL_S` seconds: its event loop runs."""


class Counts(Struct, tag="counts", frozen=True):
    """From a worker: its metrics, as the answer to the `Report` with a number.

    A worker that ends sends its last counts with the number 0.
    """

    number: int
    families: list[Family]


class Scrape(Struct, tag="scrape", frozen=True):
    """From a worker: it needs the metrics of all workers."""

    number: int


class Report(Struct, tag="report", frozen=True):
    """To a worker: it should send its metrics."""

    number: int


class Totals(Struct, tag="totals", frozen=True):
    """To a worker: the metrics of all workers, as the answer to the `Scrape` with a number."""

    number: int
    families: list[Family]


class Stop(Struct, tag="stop", frozen=True):
    """To a worker: it should finish its requests and end."""


FROM_WORKER = msgspec.msgpack.Decoder(Ready | Alive | Counts | Scrape)
TO_WORKER = msgspec.msgpack.Decoder(Report | Totals | Stop)


def send(
    writer: StreamWriter, message: Ready | Alive | Counts | Scrape | Report | Totals | Stop
) -> None:
    """Send a message, unless the other side has ended."""
    if not writer.is_closing():
        encoded = _encoder.encode(message)
        writer.write(len(encoded).to_bytes(_LENGTH_BYTES) + encoded)


async def messages(
    reader: StreamReader, decoder: "msgspec.msgpack.Decoder[T]"
) -> AsyncGenerator[T, None]:
    """Yield the messages of the other side until it closes the connection."""
    while True:
        try:
            length = int.from_bytes(await reader.readexactly(_LENGTH_BYTES))
            encoded = await reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        try:
            message = decoder.decode(encoded)
        except msgspec.DecodeError:
            continue
        yield message
