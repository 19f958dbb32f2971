"""If a server is killed while it sends to webhooks, each event still arrives, in order."""

import random
from pathlib import Path

import pytest

from tests.faults.webhooks import kill_amid_deliveries


@pytest.mark.thorough
@pytest.mark.slow
def test_each_event_arrives_in_order_and_signed(tmp_path: Path, database_url: str):
    arrivals = kill_amid_deliveries(
        tmp_path, database_url, events=60, kills=1, hanging=1, chance=random.Random(7)
    )

    assert arrivals.problems == []
