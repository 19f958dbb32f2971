"""Compute the configuration after assumed changes. Created and changed objects get new IDs."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from itertools import count

from graphql import GraphQLError
from msgspec import structs

from graph.context import Context
from graph.engine.codes import ErrorCode
from graph.engine.errors import MAX_ERRORS
from graph.events.change_input import ChangeInput
from graph.events.requested_changes import requested_changes
from graph.ids import ASSUMED
from store import Snapshot
from store.errors import DomainError, Refusal, format_path
from store.model import Toggle, ToggleEnvironment
from store.operations.change_sets import apply_changes
from store.unit_of_work import UnitOfWork


async def apply_what_if(context: Context, changes: Sequence[ChangeInput]) -> Snapshot:
    """Return the configuration after the changes.

    Created and changed objects get new IDs. If the same changes are applied to the same
    configuration again, the objects get the same IDs.

    Raises: GraphQLError: BAD_USER_INPUT, with the errors of all changes.
    """
    saved = context.snapshot
    assumption = f"{saved.revision} {changes!r}"
    seed = blake2b(assumption.encode("utf-8", "surrogatepass"), digest_size=8)
    numbers = count(1)

    def new_id() -> str:
        return f"{ASSUMED}{seed.hexdigest()}-{next(numbers)}"

    requested = requested_changes(changes, saved)
    try:
        async with context.store.open_what_if(
            saved, context.principal.actor, new_id=new_id
        ) as work:
            await apply_changes(work, requested)
    except Refusal as refusal:
        raise _refused(refusal.errors) from None
    _assign_new_ids(work, saved, new_id, int.from_bytes(seed.digest()[:6]))
    context.use_what_if(work.snapshot)
    return work.snapshot


def _assign_new_ids(
    work: UnitOfWork, saved: Snapshot, new_id: Callable[[], str], base: int
) -> None:
    """Give created and changed objects new IDs that no saved object has.

    Saved toggles and segments keep their IDs, because they are displayed in their saved state.
    """
    numbers: dict[int, int] = {}
    for segment in work.snapshot.changed_segments():
        if segment.id in saved.segments:
            continue
        numbers[segment.id] = -(base + segment.id)
        work.remove(segment)
        work.put(structs.replace(segment, id=numbers[segment.id]))
    for toggle in work.snapshot.changed_toggles():
        before = saved.toggles_by_id.get(toggle.id)
        if toggle is before:
            continue
        environments = {
            name: _with_new_ids(configured, before, new_id, numbers)
            for name, configured in sorted(toggle.environments.items())
        }
        work.put(structs.replace(toggle, environments=environments))


def _with_new_ids(
    configured: ToggleEnvironment,
    before: Toggle | None,
    new_id: Callable[[], str],
    numbers: Mapping[int, int],
) -> ToggleEnvironment:
    saved = before.in_environment(configured.environment).strategies if before else ()
    strategies = tuple(
        strategy
        if strategy in saved
        else structs.replace(
            strategy, id=new_id(), segments=tuple(numbers.get(id, id) for id in strategy.segments)
        )
        for strategy in configured.strategies
    )
    return structs.replace(configured, strategies=strategies)


def _refused(errors: Sequence[DomainError]) -> GraphQLError:
    """Combine all errors into one error, because a field can raise only a single error."""
    message = f"{format_path(errors[0].path)}: {errors[0].message}"
    if len(errors) > 1:
        message += f" The extensions list all {len(errors):,} errors."
    listed = [
        {"code": error.code, "message": error.message, "path": list(error.path)}
        for error in errors[:MAX_ERRORS]
    ]
    return GraphQLError(message, extensions={"code": ErrorCode.BAD_USER_INPUT, "errors": listed})
