"""Taking in a 3.x document: all of it or nothing, as one change set."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from store.errors import Path, Problems, refuse
from store.events import EventType, SubjectKind
from store.operations.change_sets import Made, changes_of, finish_change_set, start_change_set
from store.state.checking import MOST_ERRORS
from store.state.importing import summary_of
from store.state.incoming import no_progress
from store.state.v3.document import V3Document
from store.state.v3.incoming import LooseEnd, V3Incoming
from store.state.v3.surroundings import take_in_projects, take_in_strategies
from store.state.v3.tags import take_in_tag_data
from store.state.v3.toggles import take_in_features
from store.unit_of_work import UnitOfWork


class MadeOfV3(Struct, frozen=True):
    """What became of a 3.x document, and what of it was left out."""

    made: Made
    loose_ends: Sequence[LooseEnd]


async def import_v3_state(
    work: UnitOfWork,
    document: V3Document,
    *,
    drop: bool = False,
    keep: bool = False,
    path: Path = (),
    on_toggle: Callable[[], None] = no_progress,
) -> MadeOfV3:
    """Take in a document, as it was sent: toggles and own strategies are overwritten, everything
    else that is there stays.

    With `keep` toggles and strategies stay, too. With `drop` everything of the parts that the
    document has goes first, archived toggles included, built-in strategies and tokens never. What
    is in the document and here alike is not touched and makes no event unless it was dropped.

    Real servers export tags of toggles that they leave out; such loose ends are left out and told.
    `on_toggle` is called for each toggle of the document.

    Raises: Refusal: with all errors of the whole document, whose places begin with `path`.
    """
    problems = Problems()
    loose_ends: list[LooseEnd] = []
    start_change_set(work, comment="")
    incoming = V3Incoming(work, document, drop, keep, path, problems, loose_ends, on_toggle)
    await take_in_features(incoming)
    await take_in_strategies(incoming)
    await take_in_projects(incoming)
    await take_in_tag_data(incoming)
    if problems.errors:
        refuse(*problems.errors[:MOST_ERRORS])
    events = [it for it in work.events if it.subject_kind is not SubjectKind.STATE]
    change_set = finish_change_set(work)
    if change_set is not None:
        work.record(
            EventType.STATE_IMPORTED,
            subject_kind=SubjectKind.STATE,
            subject_key=change_set.id,
            subject_name=change_set.id,
            summary=_summary(summary_of(events), loose_ends),
        )
    return MadeOfV3(Made(change_set, changes_of(events)), loose_ends)


def _summary(fates: str, loose_ends: Sequence[LooseEnd]) -> str:
    summary = f"Imported a state document of 3.x: {fates}."
    if loose_ends:
        items = "one item was" if len(loose_ends) == 1 else f"{len(loose_ends):,} items were"
        summary += f" {items[0].upper()}{items[1:]} left out."
    return summary
