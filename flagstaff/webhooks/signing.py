"""Sign the bodies of webhooks as the Standard Webhooks specification describes."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime

from store.operations.webhooks import SECRET_PREFIX


def signed_headers(secret: str, id: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers with the ID, the time in seconds, and the signature of a delivery.

    The signature is the HMAC-SHA256 of `ID.TIME.BODY`. The key is the secret without its prefix,
    decoded from base64.
    """
    timestamp = str(int(now.timestamp()))
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }
