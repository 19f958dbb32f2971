"""A measurement runs a workload once and returns its figures."""

from collections.abc import Callable

from msgspec import Struct

from tests.benchmarks.peers.laboratory import Laboratory


class Measurement(Struct, frozen=True):
    """The names of figures, the required programs and peers, and the work.

    `measure` returns the figures in the order of their names. Long measurements limit their rounds.
    """

    figures: tuple[str, ...]
    measure: Callable[[Laboratory], tuple[float, ...]]
    needs: frozenset[str] = frozenset()
    max_rounds: int = 100
