"""Conversion of values that SDKs send."""

from typing import Any

import pytest

from rest_compat.sdk.conversions import to_interval_ms


@pytest.mark.parametrize(
    ("sent", "interval_ms"),
    [(None, None), (0, 0), (15, 15_000), (999, 999_000), (1_000, 1_000), (15_000, 15_000)],
)
def test_small_intervals_are_seconds(sent: Any, interval_ms: int | None) -> None:
    assert to_interval_ms(sent, "/body/interval") == interval_ms
