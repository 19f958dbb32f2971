"""Identify SDKs and their versions, and find SDKs that are too old for this server."""

import re

# Dependencies between toggles are the newest part of the features body. If the parent toggle is
# off, an SDK without support for dependencies still answers yes. SDKs that support dependencies
# also support variants of strategies, segments by ID, and all operators except REGEX and IN_CIDR.
# The versions are from Unleash's documentation of dependent features.
_OLDEST = {
    "dotnet": (3, 4, 0),
    "go": (3, 9, 2),
    "java": (8, 4, 0),
    "node": (4, 2, 0),
    "php": (2, 2, 0),
    "python": (5, 9, 0),
    "ruby": (4, 6, 0),
}
# The names that SDKs report. Each SDK has changed its name at some time, so this mapping contains
# several names for an SDK.
_OLDEST_BY_NAME = {
    **{f"unleash-client-{language}": version for language, version in _OLDEST.items()},
    **{f"unleash-{language}-sdk": version for language, version in _OLDEST.items()},
    # Unleash Edge is a proxy that gets toggles from this server and evaluates the toggles for SDKs
    # in browsers.
    "unleash-edge": (13, 1, 0),
}
_VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(-)?", re.ASCII)


def split_sdk(sdk_version: str) -> tuple[str, str | None]:
    """Split a reported SDK, such as `unleash-node-sdk:6.1.0`, into name and version."""
    name, _, version = sdk_version.rpartition(":")
    return (name, version or None) if name else (sdk_version, None)


def is_outdated(sdk_version: str) -> bool:
    """Whether a reported SDK, such as `unleash-node-sdk:3.21.0`, is too old for the features body.

    For unknown SDKs and unreadable versions, the result is False.
    """
    name, version = split_sdk(sdk_version)
    oldest = _OLDEST_BY_NAME.get(name)
    read = _VERSION.match(version or "")
    if oldest is None or read is None:
        return False
    number = tuple(int(part or 0) for part in read.groups()[:3])
    is_preview = read[4] is not None
    return number < oldest or (number == oldest and is_preview)
