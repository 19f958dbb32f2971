"""Import the file in the settings at the first start of an installation."""

import asyncio
import logging
from pathlib import Path

from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError
from store import Store
from store.errors import Refusal
from store.history import never_had_toggles
from store.model import SYSTEM

_log = logging.getLogger(__name__)


async def import_first(store: Store, settings: Settings) -> None:
    """Import the file that the settings name, if the database never had any toggles.

    If several processes start at the same time, each of them may import the file. The later imports
    then change nothing.

    Raises: SettingsError: the file cannot be imported. The error lists all problems.
    """
    if settings.import_file is None or store.snapshot.toggles:
        return
    async with store.read() as session:
        if not await never_had_toggles(session):
            return
    # Most starts import nothing, so these modules are imported only here.
    from flagstaff.commands.document_files import (
        ImportOptions,
        OptionError,
        convert_value,
        read_value,
    )
    from flagstaff.commands.transfer import format_problem, import_document

    file = Path(settings.import_file)
    options = ImportOptions(
        drop=False,
        keep=False,
        dry_run=False,
        environment=settings.import_environment,
        project=settings.import_project,
        segments=None,
    )
    try:
        document = await asyncio.to_thread(lambda: convert_value(read_value(file), options))
        outcome = await import_document(store, document, options, actor=SYSTEM)
    except OSError as error:
        raise SettingsError(
            f"FLAGSTAFF_IMPORT_FILE: the file '{file}' cannot be read ({error.strerror})."
        ) from None
    except OptionError as error:
        raise SettingsError(f"FLAGSTAFF_IMPORT_{error.option.upper()} {error}") from None
    except Refusal as refusal:
        raise SettingsError(
            *(f"FLAGSTAFF_IMPORT_FILE: {format_problem(error)}" for error in refusal.errors)
        ) from None
    for warning in outcome.warnings:
        _log.warning("FLAGSTAFF_IMPORT_FILE: %s", format_problem(warning))
    if outcome.more_warnings:
        _log.warning("FLAGSTAFF_IMPORT_FILE: %d more warnings", outcome.more_warnings)
    _log.info("Imported %s: %d changes", file, len(outcome.differences))
