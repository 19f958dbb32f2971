"""Import a state document as one change set that is applied completely or not at all."""

from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec import UNSET, Struct, structs

from store.errors import Path, Problems, refuse
from store.model import Toggle
from store.operations.change_sets import AppliedChanges, start_change_set
from store.operations.toggle_fields import declare_references, put_new_tags
from store.rebasing import EveryName
from store.transfer.checking import MAX_ERRORS
from store.transfer.context import no_progress
from store.transfer.importing import ImportEnding
from store.transfer.preconditions import check_comment, check_revision, refuse_stale
from store.transfer.unleash.context import TransferWarning, UnleashImport, items_of
from store.transfer.unleash.document import UnleashDocument, UnleashState
from store.transfer.unleash.environments import drop_environments, import_environments
from store.transfer.unleash.reference_data import (
    import_context_fields,
    import_projects,
    import_strategies,
)
from store.transfer.unleash.segments import drop_segments, import_segments, segments_of
from store.transfer.unleash.tags import import_tag_data, import_tags, repeat_tags
from store.transfer.unleash.toggles import import_features, repeat_features
from store.unit_of_work import UnitOfWork


class UnleashResult(Struct, frozen=True):
    """The changes and warnings of an import, and the number of unlisted warnings."""

    made: AppliedChanges
    warnings: Sequence[TransferWarning]
    more_warnings: int = 0


async def import_unleash(
    work: UnitOfWork,
    document: UnleashDocument,
    *,
    drop: bool = False,
    keep: bool = False,
    comment: str = "",
    path: Path = (),
    expected_revision: int | None = None,
    on_toggle: Callable[[], None] = no_progress,
) -> UnleashResult:
    """Import a document; overwrite environments, segments, toggles and custom strategies.

    Existing objects of other kinds are unchanged. With `keep`, all existing objects are unchanged.
    With `drop`, the import first deletes all existing objects of the document's sections, including
    archived toggles. Built-in objects and objects in use are never deleted. An unchanged object
    records an event only if it was dropped.

    Exports of real servers may contain tags and segments of toggles that the export omits. The
    import skips tags and segments of missing toggles, and unknown keys, with a warning. The
    function calls `on_toggle` for each toggle of the document. If `expected_revision` is given, the
    import is refused unless the configuration still has this revision.

    Raises: Refusal: the document has errors; their paths begin with `path`.
    """
    problems = Problems()
    warnings: list[TransferWarning] = []
    check_revision(work, expected_revision)
    check_comment(comment, problems)
    start_change_set(work, comment=comment)
    if not drop:
        relies_on_all = expected_revision is not None
        work.rely_on_toggles(EveryName() if relies_on_all else _toggles_named(document.state))
    context = UnleashImport(work, document, drop, keep, path, problems, warnings, on_toggle)
    warnings.extend(
        TransferWarning("The key is unknown and has no effect.", key_path, left_out=False)
        for key_path in document.unknown.paths
    )
    warnings.extend(
        TransferWarning(
            "The export does not show the order of the toggle's strategies, which decides on its "
            "variants. Check the order after the import. The command `flagstaff import` and the "
            "mutation stateImport can take it from the body that SDKs get, with their option "
            "'segments'.",
            strategy_path,
            left_out=False,
        )
        for strategy_path in document.unordered
    )
    await import_environments(context)
    await import_segments(context)
    await import_context_fields(context)
    configurations = await import_features(context)
    await import_strategies(context)
    await import_projects(context)
    await import_tag_data(context)
    if drop:
        await drop_segments(context)
        await drop_environments(context)
    if problems.errors:
        refuse(*problems.errors[:MAX_ERRORS])
    ending = ImportEnding(work, comment, describe=lambda counts: _summary(counts, warnings))

    async def repeat(names: Collection[str]) -> None:
        refuse_stale(expected_revision)
        again, warned = structs.replace(context, on_toggle=no_progress), len(warnings)
        await repeat_features(again, configurations, names)
        await repeat_tags(again, names)
        # Remove the warnings of the repeated import, because the first import has added the same
        # warnings.
        del warnings[warned:]
        problems.raise_any()
        await ending.record()

    async def repeat_reference_data(toggles: Iterable[Toggle]) -> None:
        refuse_stale(expected_revision)
        warned = len(warnings)
        await import_environments(context)
        await import_segments(context)
        await import_context_fields(context)
        configurations.segments = segments_of(context)
        for toggle in toggles:
            declare_references(work, toggle)
            put_new_tags(work, toggle)
        await import_strategies(context)
        await import_projects(context)
        await import_tags(context)
        del warnings[warned:]
        problems.raise_any()

    if not drop:
        work.repeat_reference_data_by(repeat_reference_data)
    # If a drop keeps the existing toggles, the result of the drop depends on the segments and
    # environments that existing toggles use. Importing only some toggles again could then give a
    # different result.
    if not drop or document.state.features is not UNSET:
        work.repeat_toggles_by(repeat)
    return UnleashResult(await ending.record(), warnings, document.unknown.more)


def _toggles_named(state: UnleashState) -> set[str]:
    """Return the names of the toggles that the import changes, and of their parents."""
    features = items_of(state.features)
    names = {entry.name for entry in features}
    names.update(entry.feature_name for entry in items_of(state.feature_tags))
    names.update(
        dependency.dependency().toggle
        for entry in features
        for dependency in entry.dependencies or ()
    )
    return names.union(
        dependency.dependency().toggle
        for entry in items_of(state.dependencies)
        for dependency in entry.dependencies
    )


def _summary(fates: str, warnings: Sequence[TransferWarning]) -> str:
    summary = f"Imported a state document: {fates}."
    count = sum(warning.left_out for warning in warnings)
    if count:
        items = "one item was" if count == 1 else f"{count:,} items were"
        summary += f" {items[0].upper()}{items[1:]} left out."
    return summary
