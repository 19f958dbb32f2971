"""A backup of a busy server can be restored into both databases."""

from pathlib import Path

import pytest

from tests.faults.backups import back_up_under_load
from tests.faults.kills import DATABASES
from tests.postgresql import Cluster


@pytest.mark.slow
@pytest.mark.thorough
def test_both_restored_databases_have_every_write_before_the_backup(
    tmp_path: Path, database_url: str, cluster: Cluster
) -> None:
    targets = {
        "sqlite": f"sqlite:///{tmp_path / 'sqlite' / 'flagstaff.db'}",
        "postgresql": cluster.new_database(),
    }

    outcome = back_up_under_load(tmp_path, database_url, targets, toggles=20)

    assert targets.keys() == set(DATABASES)
    assert outcome.problems == []
