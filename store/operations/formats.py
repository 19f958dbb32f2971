"""Texts that stand for something else: numbers, moments, versions, addresses."""

import math
import re
from datetime import datetime
from ipaddress import ip_network
from urllib.parse import urlsplit

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_VERSION = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?"
)
_BLOCK = re.compile(r"[0-9a-fA-F.:]+(/[0-9]{1,3})?")


def is_number(text: str) -> bool:
    """Whether the text is a finite number in decimal notation."""
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def is_moment(text: str) -> bool:
    """Whether the text is a date and time with an offset, as in RFC 3339."""
    if _MOMENT.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def is_version(text: str) -> bool:
    """Whether the text is a version as in Semantic Versioning 2.0.0."""
    return _VERSION.fullmatch(text) is not None


def is_address_block(text: str) -> bool:
    """Whether the text is an IP address or a block of them in CIDR notation."""
    if _BLOCK.fullmatch(text) is None:
        return False
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_web_address(text: str) -> bool:
    """Whether the text is an absolute address of the web, which can be a link without harm."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
