"""Certificates for servers on loopback. OpenSSL must be installed."""

import subprocess
from pathlib import Path

from msgspec import Struct


class Certificate(Struct, frozen=True):
    """A self-signed certificate for 127.0.0.1, and its key. A client that trusts it accepts it."""

    file: Path
    key: Path


def create_certificate(folder: Path) -> Certificate:
    """Create a certificate in a folder."""
    certificate = Certificate(folder / "server.crt", folder / "server.key")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=loopback"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", certificate.key, "-out", certificate.file),
        ],
        check=True,
        capture_output=True,
    )
    return certificate
