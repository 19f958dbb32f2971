"""Report the warnings of imports of Unleash's documents in a header and in the log."""

import json
import logging

from store.errors import format_path
from store.transfer.unleash.context import TransferWarning
from store.transfer.unleash.importing import UnleashResult

WARNING_HEADERS = {
    "X-Flagstaff-Warnings": "The items that were left out, as a JSON list of sentences."
}
# The maximum number of warnings to log.
MAX_LOGGED = 10
# The maximum length of the header with warnings, because proxies drop responses with long headers.
_MAX_WARNINGS_LENGTH = 4_000

_log = logging.getLogger(__name__)


def report_warnings(result: UnleashResult) -> list[tuple[bytes, bytes]]:
    """Log the first warnings of an import, and return the header with the warnings.

    If there are no warnings, return no header.
    """
    if not result.warnings:
        return []
    warnings = [format_warning(warning) for warning in result.warnings]
    count = len(warnings) + result.more_warnings
    logged = warnings[:MAX_LOGGED]
    summary = " ".join([*logged, *_summarize_rest(count, len(logged))])
    _log.warning("Warnings of an import (%d): %s", count, summary)
    return [(b"x-flagstaff-warnings", _header_of(warnings, count))]


def format_warning(warning: TransferWarning) -> str:
    return f'"{format_path(warning.path)}": {warning.message}' if warning.path else warning.message


def _header_of(warnings: list[str], count: int) -> bytes:
    """Return a JSON list in ASCII: the first warnings, then the number of remaining warnings."""
    listed: list[str] = []
    length = 0
    for warning in warnings:
        length += len(json.dumps(warning)) + 2
        if length > _MAX_WARNINGS_LENGTH:
            break
        listed.append(warning)
    return json.dumps([*listed, *_summarize_rest(count, len(listed))]).encode()


def _summarize_rest(count: int, listed: int) -> list[str]:
    """Return a sentence with the number of unlisted warnings.

    If all warnings are listed, return no sentence.
    """
    return [f"There are {count - listed:,} more warnings."] if count > listed else []
