"""Importing from servers whose certificates an own authority has issued."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from flagstaff.commands.url_import import TOKEN_VARIABLE
from flagstaff.unleash_server import client
from tests.certificates import Certificate, create_certificate
from tests.flagstaff.outcome import Outcome
from tests.flagstaff.unleash_server.answering import RecordedServer
from tests.postgresql import Cluster
from tests.unleash_servers.recording import restore_database

Flagstaff: TypeAlias = Callable[..., Outcome]

DATA = Path(__file__).parents[2] / "data"
AUTHORITIES = "SSL_CERT_FILE"

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.usefixtures("database_file"),
    pytest.mark.skipif(not shutil.which("openssl"), reason="OpenSSL is not installed"),
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return create_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def answering(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an Unleash server with TLS."""
    monkeypatch.setenv(TOKEN_VARIABLE, "*:*.admin")
    monkeypatch.delenv(AUTHORITIES, raising=False)
    monkeypatch.setattr(client, "REQUESTS_PER_SECOND", 10_000)
    answers: dict[str, Any] = json.loads((DATA / "unleash-8.2.0-answers.json").read_text("utf-8"))
    with RecordedServer(answers, certificate=certificate) as server:
        yield server.url


@pytest.fixture(scope="module")
def recorded_database(cluster: Cluster) -> str:
    """The URL of an Unleash database without TLS."""
    url = cluster.new_database()
    recording = (DATA / "unleash-8.2.0-server-database.json").read_bytes()
    asyncio.run(restore_database(url, recording))
    return url


@pytest.fixture
def database(cluster: Cluster, certificate: Certificate, recorded_database: str) -> Iterator[str]:
    """The URL of an Unleash database that offers TLS."""
    with cluster.encrypted(certificate):
        yield recorded_database


def test_a_server_is_accepted_with_the_certificate_of_its_authority(
    flagstaff: Flagstaff,
    answering: str,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(AUTHORITIES, str(certificate.file))

    outcome = flagstaff("import", "--from-unleash", answering, "--dry-run")

    assert outcome.status == 0, outcome.err
    assert "Read 13 toggles from Unleash 8.2.0" in outcome.out


def test_a_server_of_an_unknown_authority_is_refused_at_once(
    flagstaff: Flagstaff, answering: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client, "sleep", lambda _: pytest.fail("it asks again"))

    refused = flagstaff("import", "--from-unleash", answering)
    monkeypatch.setenv(AUTHORITIES, str(tmp_path / "missing.crt"))
    unreadable = flagstaff("import", "--from-unleash", answering)

    assert refused.status == 1
    assert refused.err == (
        f"The certificate of {answering} is not trusted: self-signed certificate. If your own "
        f"authority has issued it, set {AUTHORITIES} to the file with the certificate of the "
        "authority.\n"
    )
    assert unreadable.status == 1
    assert f"The certificates that {AUTHORITIES} names cannot be read: " in unreadable.err


@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_a_database_is_accepted_with_the_certificate_of_its_authority(
    flagstaff: Flagstaff, database: str, certificate: Certificate, mode: str
) -> None:
    url = f"{database}?sslmode={mode}&sslrootcert={certificate.file}"

    outcome = flagstaff("import", "--from-database", url, "--dry-run")

    assert outcome.status == 0, outcome.err
    assert "The database has 200 events of the history." in outcome.out


@pytest.mark.postgres
def test_a_database_of_an_unknown_authority_or_name_is_refused(
    flagstaff: Flagstaff,
    database: str,
    certificate: Certificate,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def refusal(url: str) -> str:
        outcome = flagstaff("import", "--from-database", url)
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        return outcome.err

    other = create_certificate(tmp_path_factory.mktemp("other"))
    untrusted = refusal(f"{database}?sslmode=verify-full&sslrootcert={other.file}")
    named = database.replace("127.0.0.1", "localhost")
    misnamed = refusal(f"{named}?sslmode=verify-full&sslrootcert={certificate.file}")
    missing = refusal(f"{database}?sslmode=verify-full&sslrootcert={tmp_path}/missing.crt")

    assert untrusted.startswith("The certificate of the database server is not trusted. The option")
    assert "self-signed certificate" in untrusted
    assert "Hostname mismatch, certificate is not valid for 'localhost'" in misnamed
    assert missing.startswith(
        f"The database URL's option 'sslrootcert' names '{tmp_path}/missing.crt', which cannot be"
    )


@pytest.mark.postgres
def test_a_database_without_tls_is_refused_if_the_url_requires_it(
    flagstaff: Flagstaff, recorded_database: str
) -> None:
    outcome = flagstaff("import", "--from-database", f"{recorded_database}?sslmode=require")

    assert outcome.status == 1
    assert outcome.err.startswith("The database cannot be reached at the moment. (")
    assert "rejected SSL upgrade" in outcome.err
