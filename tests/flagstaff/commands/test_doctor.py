"""`flagstaff doctor` names the problems of an installation, and changes nothing."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flagstaff.doctor import machine
from flagstaff.doctor.installation import check_connections
from store.diagnosis import network_file_system
from tests.flagstaff.outcome import Outcome
from tests.server import Server

Doctor = Callable[..., "Diagnosis"]
CLOSED = "http://127.0.0.1:9"


class Diagnosis(NamedTuple):
    """The exit status, and the messages of findings by check, without those that are ok."""

    status: int
    problems: list[tuple[str, str, str]]


@pytest.fixture
def doctor(flagstaff: Callable[..., Outcome]) -> Doctor:
    def run(*arguments: str) -> Diagnosis:
        outcome = flagstaff("doctor", "--json", *arguments)
        report = json.loads(outcome.out)
        assert report["ok"] == (outcome.status == 0)
        found = [(one["check"], one["status"], one["message"]) for one in report["findings"]]
        return Diagnosis(outcome.status, [one for one in found if one[1] != "ok"])

    return run


@pytest.fixture
def healthy(flagstaff: Callable[..., Outcome], database_file: Path) -> Path:
    """The database of an installation with an admin token."""
    flagstaff("token", "create", "--name", "root", "--type", "admin")
    return database_file


def execute(file: Path, statement: str, *parameters: Any) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement, parameters)


def test_a_healthy_installation_has_no_problems(healthy: Path, doctor: Doctor) -> None:
    before = healthy.read_bytes()

    assert doctor() == (0, [])
    assert healthy.read_bytes() == before


def test_a_snapshot_file_is_missing_before_the_first_start_and_may_be_damaged(
    healthy: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = healthy.with_name("snapshot")
    monkeypatch.setenv("FLAGSTAFF_SNAPSHOT_FILE", str(file))

    missing = doctor()
    file.write_bytes(b"nonsense")
    damaged = doctor()

    message = f"There is no snapshot file at {file} yet; `serve` writes it."
    assert missing == (0, [("snapshot", "warning", message)])
    assert damaged.status == 1
    assert damaged.problems[0][2].startswith(f"The snapshot file {file} is not a snapshot file")


@pytest.mark.usefixtures("healthy")
def test_findings_are_lines(flagstaff: Callable[..., Outcome]) -> None:
    outcome = flagstaff("doctor", "--url", CLOSED)

    lines = outcome.out.splitlines()
    assert outcome.status == 1
    assert lines[0].split(maxsplit=2) == ["OK", "settings", "The settings are valid."]
    assert lines[-1].startswith(f"FAILED   server     {CLOSED} does not answer: ")


def test_all_wrong_settings_are_named(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLAGSTAFF_PORT", "many")
    monkeypatch.setenv("FLAGSTAFF_HOTS", "x")

    status, problems = doctor()

    assert status == 1
    assert {problem[:2] for problem in problems} == {("settings", "failed")}
    assert {problem[2].split()[0] for problem in problems} == {"FLAGSTAFF_PORT", "FLAGSTAFF_HOTS"}


def test_risky_settings_are_warnings(
    healthy: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAGSTAFF_CLIENT_API", "open")

    status, problems = doctor()

    assert (status, [problem[:2] for problem in problems]) == (0, [("settings", "warning")])


def test_a_missing_database_is_not_created(doctor: Doctor, tmp_path: Path) -> None:
    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("database", "failed"))
    assert "There is no database at flagstaff.db" in problems[0][2]
    assert not list(tmp_path.iterdir())


def test_an_empty_database_is_named(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "flagstaff.db").touch(mode=0o600)

    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("migrations", "failed"))


@pytest.mark.parametrize(
    ("migration", "status", "words"),
    [("0001", 1, "Run `flagstaff migrate`"), ("9999", 0, "A newer release")],
)
def test_another_migration_is_named(
    healthy: Path, doctor: Doctor, migration: str, status: int, words: str
) -> None:
    execute(healthy, "UPDATE alembic_version SET version_num = ?", migration)

    diagnosis = doctor()

    assert diagnosis.status == status
    assert words in diagnosis.problems[0][2]


def test_a_damaged_file_is_named(healthy: Path, doctor: Doctor) -> None:
    content = bytearray(healthy.read_bytes())
    content[8_192:] = b"\xff" * (len(content) - 8_192)
    healthy.write_bytes(content)

    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("database", "failed"))


def test_a_clock_that_was_set_back_is_named(healthy: Path, doctor: Doctor) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    execute(healthy, "UPDATE server_state SET last_change_at = ?", later)

    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("clock", "failed"))
    assert "was set back" in problems[0][2]


@pytest.mark.usefixtures("database_file")
def test_an_installation_without_an_admin_token_is_named(doctor: Doctor) -> None:
    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("tokens", "failed"))
    assert "No admin token is valid" in problems[0][2]


@pytest.mark.usefixtures("healthy")
def test_a_token_that_expires_soon_is_named(
    doctor: Doctor, flagstaff: Callable[..., Outcome]
) -> None:
    soon = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d")
    flagstaff("token", "create", "--name", "ci", "--type", "viewer", "--expires-at", soon)

    status, problems = doctor()

    assert (status, problems[0][:2]) == (0, ("tokens", "warning"))
    assert problems[0][2] == f"The token 'ci' expires on {soon} 00:00 UTC."


def test_reports_that_no_server_counts_are_named(healthy: Path, doctor: Doctor) -> None:
    statement = "INSERT INTO metrics_journal (received_at, reports) VALUES (?, '[]')"
    execute(healthy, statement, "2026-01-02 03:04:05.000000")

    status, problems = doctor()

    assert (status, problems[0][:2]) == (0, ("usage", "warning"))
    assert "since 2026-01-02 03:04 UTC" in problems[0][2]


@pytest.mark.parametrize("name", ["flagstaff.db", "flagstaff.db-wal"])
def test_a_file_of_another_user_is_named(
    healthy: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    healthy.with_name(name).touch()
    # The tests may run as root, who can use all files.
    monkeypatch.setattr(machine.os, "access", lambda path, _: Path(path).name != name)

    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("file", "failed"))
    assert f"The file {name} of user {os.getuid()} cannot be read and written." in problems[0][2]


def test_a_folder_that_cannot_be_written_to_is_named(
    healthy: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.os, "access", lambda path, _: not Path(path).is_dir())

    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("file", "failed"))
    assert f"The folder {healthy.parent} cannot be written to" in problems[0][2]


def test_a_file_that_everybody_can_read_is_named(healthy: Path, doctor: Doctor) -> None:
    healthy.chmod(0o644)

    status, problems = doctor()

    assert (status, problems[0][:2]) == (0, ("file", "warning"))
    assert "chmod 600 flagstaff.db" in problems[0][2]


@pytest.mark.usefixtures("healthy")
def test_a_low_limit_of_open_files_is_named(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (1_024, 1_024))

    status, problems = doctor()

    assert (status, problems[0][:2]) == (0, ("open files", "warning"))
    assert "may open only 1,024 files" in problems[0][2]


@pytest.mark.parametrize(("free", "status"), [(500_000_000, 0), (50_000_000, 1)])
@pytest.mark.usefixtures("healthy")
def test_a_full_disk_is_named(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, free: int, status: int
) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)

    diagnosis = doctor()

    assert (diagnosis.status, diagnosis.problems[0][0]) == (status, "disk")
    assert f"{free // 1_000_000} MB" in diagnosis.problems[0][2].replace("0.5 GB", "500 MB")


def test_an_unreachable_postgresql_is_named(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAGSTAFF_DATABASE_URL", "postgresql://u:secret@127.0.0.1:9/x")

    status, problems = doctor()

    assert (status, problems[0][:2]) == (1, ("database", "failed"))
    assert "secret" not in problems[0][2]


def test_too_few_connections_for_the_workers_are_named() -> None:
    enough, too_few = check_connections(97, 8), check_connections(97, 9)

    assert enough.status == "ok"
    assert too_few.status == "warning"
    assert "9 processes of this server need 99: raise max_connections by 2 or" in too_few.message
    assert "lower FLAGSTAFF_WORKERS to 8." in too_few.message


@pytest.mark.usefixtures("healthy")
def test_servers_are_asked_whether_they_are_ready(doctor: Doctor, common_server: Server) -> None:
    assert doctor("--url", common_server.url) == (0, [])
    status, problems = doctor("--url", common_server.url, "--url", f"{common_server.url}/graphql")

    assert (status, [problem[:2] for problem in problems]) == (1, [("server", "failed")])
    assert "is not Flagstaff" in problems[0][2]


def test_network_disks_are_recognized(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda / ext4 rw 0 0\nserver:/a /srv nfs4 rw 0 0\n/dev/sdb /srv/local ext4 rw 0 0\n"
    )

    assert network_file_system(Path("/srv/data/flagstaff.db"), mounts) == "nfs4"
    assert network_file_system(Path("/srv/local/flagstaff.db"), mounts) is None
    assert network_file_system(Path("/home/flagstaff.db"), mounts) is None
    assert network_file_system(Path("/srv/flagstaff.db"), tmp_path / "none") is None
