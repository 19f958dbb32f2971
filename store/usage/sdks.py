"""What SDKs call themselves, and which of them understand all that they are served here."""

import re

# The youngest thing in what SDKs are served is that a toggle depends on another. An SDK that knows
# nothing of it answers yes where the other toggle says no, and nobody is told; whatever does know
# it also knows variants of strategies, segments by id and all operators but REGEX and IN_CIDR.
# The versions are those that Unleash's documentation of dependent features names.
_OLDEST = {
    "dotnet": (3, 4, 0),
    "go": (3, 9, 2),
    "java": (8, 4, 0),
    "node": (4, 2, 0),
    "php": (2, 2, 0),
    "python": (5, 9, 0),
    "ruby": (4, 6, 0),
}
# What SDKs call themselves; all of them changed their names at some time.
_OLDEST_BY_NAME = {
    **{f"unleash-client-{language}": version for language, version in _OLDEST.items()},
    **{f"unleash-{language}-sdk": version for language, version in _OLDEST.items()},
    # Stands between this server and SDKs, and evaluates for those in browsers.
    "unleash-edge": (13, 1, 0),
}
_VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(-)?", re.ASCII)


def split_sdk(sdk_version: str) -> tuple[str, str | None]:
    """Name and version of an SDK out of what it calls itself, such as `unleash-node-sdk:6.1.0`."""
    name, _, version = sdk_version.rpartition(":")
    return (name, version or None) if name else (sdk_version, None)


def is_outdated(sdk_version: str) -> bool:
    """Whether an SDK such as `unleash-node-sdk:3.21.0` is too old to understand everything.

    Unknown SDKs, and versions that cannot be read, are given the benefit of the doubt.
    """
    name, version = split_sdk(sdk_version)
    oldest = _OLDEST_BY_NAME.get(name)
    read = _VERSION.match(version or "")
    if oldest is None or read is None:
        return False
    number = tuple(int(part or 0) for part in read.groups()[:3])
    is_preview = read[4] is not None
    return number < oldest or (number == oldest and is_preview)
