"""Formats of strings: numbers, datetimes, versions, IP addresses, URLs."""

import math
import re
from calendar import monthrange
from ipaddress import ip_network
from urllib.parse import urlsplit

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
# SDKs parse the values of constraints more strictly than the values of contexts. In constraints,
# numbers begin with a digit, fractions of a second have three digits, and letters are upper case.
_COMPARED_NUMBER = re.compile(r"[+-]?[0-9]+\.?[0-9]*([eE][+-]?[0-9]+)?")
_COMPARED_DATETIME = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{3})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
_VERSION = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?"
)
_MAX_VERSION_NUMBER = 2**64 - 1
_BLOCK = re.compile(r"[0-9a-fA-F.:]+(/[0-9]{1,3})?")


def is_number(value: str) -> bool:
    """Whether the string is a finite number in decimal notation."""
    return _NUMBER.fullmatch(value) is not None and math.isfinite(float(value))


def is_version(value: str) -> bool:
    """Whether the string is a version according to Semantic Versioning 2.0.0."""
    return _VERSION.fullmatch(value) is not None


def is_compared_number(value: str) -> bool:
    """Whether SDKs accept the string as the number of a constraint."""
    return _COMPARED_NUMBER.fullmatch(value.strip(" ")) is not None


def is_compared_datetime(value: str) -> bool:
    """Whether SDKs accept the string as the datetime of a constraint."""
    found = _COMPARED_DATETIME.fullmatch(value.strip(" "))
    if found is None:
        return False
    year, month, day = (int(found[group]) for group in ("year", "month", "day"))
    # SDKs accept the year 0, but Python does not. Replace 0 by 400, because both years are leap
    # years.
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 400, month)[1]


def is_compared_version(value: str) -> bool:
    """Whether SDKs accept the string as the version of a constraint."""
    value = value.strip(" ")
    if not is_version(value):
        return False
    numbers = re.split(r"[-+]", value, maxsplit=1)[0].split(".")
    return all(int(number) <= _MAX_VERSION_NUMBER for number in numbers)


def is_address_block(value: str) -> bool:
    """Whether the string is an IP address or a block in CIDR notation."""
    if _BLOCK.fullmatch(value) is None:
        return False
    try:
        ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def is_web_address(value: str) -> bool:
    """Whether the string is an absolute HTTP or HTTPS URL, safe to use as a link."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError for an invalid port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
