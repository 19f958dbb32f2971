"""Define the input that filters toggles, and compile it to functions that select toggles."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache, partial

import strawberry

from graph.context import USAGE, Context
from graph.engine.errors import bad_user_input
from graph.engine.run.reads import CLOCK
from graph.enums import LifecycleStage, Staleness
from graph.filtering import (
    DateTimeRangeInput,
    Predicate,
    entries,
    given,
    optional,
    searched,
    string_set,
    where,
)
from graph.ids import decode_query_id, not_an_id, number_of_key
from graph.indexes import activation_strategies, all_toggles
from graph.toggles.inputs import TagInput
from graph.toggles.lifecycle import select_by_staleness
from graph.toggles.searching import is_indexed, search
from graph.toggles.selections import Selector, cached_selector, select_toggles, selector_of
from graph.toggles.usage_filter import ToggleUsageFilter, usage_conditions
from store import Snapshot
from store.lifecycle import lifecycle_of
from store.model import Toggle
from store.values import Tag

MAX_DEPTH = 5
MAX_FILTERS = 50

# The schema prints this default as `false`. If an input contains `false`, the value is the object
# `False` instead. Therefore nested filters can detect that the input omits `archived`, and ignore
# the default.
_FALSE_BY_DEFAULT = 0


@strawberry.input(
    description=(
        "Selects the toggles that match all given fields. Except for `allTags`, a list matches if "
        "one of its entries matches."
    )
)
class ToggleFilter:
    search: str | None = optional(
        "Only toggles whose name, description or tag values contain this text, ignoring case."
    )
    names: list[str] | None = optional("Only toggles with one of these names.")
    name_prefix: str | None = optional("Only toggles whose name begins with this text.")
    projects: list[str] | None = optional("Only toggles of these projects, given by name.")
    types: list[str] | None = optional("Only toggles of these types, given by name.")
    tags: list[TagInput] | None = optional("Only toggles that have at least one of these tags.")
    all_tags: list[TagInput] | None = optional("Only toggles that have all of these tags.")
    enabled_in: list[str] | None = optional(
        "Only toggles that are on in at least one of these environments."
    )
    disabled_in: list[str] | None = optional(
        "Only toggles that are off in at least one of these environments."
    )
    strategies: list[str] | None = optional(
        "Only toggles that use at least one of these strategies, given by name, in any environment."
    )
    segments: list[strawberry.ID] | None = optional(
        "Only toggles that use at least one of these segments, given by ID, in any environment."
    )
    segment_names: list[str] | None = optional(
        "Only toggles that use at least one of these segments, given by name, in any environment."
    )
    applications: list[str] | None = optional(
        "Only toggles that at least one of these applications, given by name, reported using."
    )
    staleness: list[Staleness] | None = optional("Only toggles with one of these staleness values.")
    lifecycle: list[LifecycleStage] | None = optional("Only toggles in one of these stages.")
    archived: bool | None = strawberry.field(
        description="Only archived toggles (true), only active toggles (false), or both (null).",
        default=_FALSE_BY_DEFAULT,
    )
    has_variants: bool | None = optional(
        "Only toggles with variants in at least one environment (true), or only toggles without "
        "variants (false)."
    )
    created_by: list[str] | None = optional(
        "Only toggles that were created by one of these parties, given by name."
    )
    created_at: DateTimeRangeInput | None = optional("Only toggles that were created in this span.")
    last_seen_at: DateTimeRangeInput | None = optional(
        "Only toggles that applications last reported in this span."
    )
    usage: ToggleUsageFilter | None = optional(
        "Only toggles whose reported answers match this filter."
    )
    or_: list["ToggleFilter"] | None = optional(
        "Only toggles that match at least one of these filters.", name="or"
    )
    not_: "ToggleFilter | None" = optional(
        "Only toggles that do not match this filter.", name="not"
    )


def reads_of_filter(filter: ToggleFilter | None) -> frozenset[str]:
    """Return what a filter reads besides the toggles themselves."""
    filter = given(filter)
    if filter is None:
        return frozenset()
    reads: set[str] = set()
    for name in vars(filter):
        if given(getattr(filter, name)) is not None:
            reads |= _READS.get(name, _UNKNOWN)
    for nested in (*(given(filter.or_) or ()), given(filter.not_)):
        reads |= reads_of_filter(nested)
    return frozenset(reads)


# Maps each condition to what it reads besides the toggles. Lists with other conditions are never
# cached.
_UNKNOWN = frozenset({CLOCK})
_READS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            *("search", "names", "name_prefix", "projects", "types", "tags", "all_tags"),
            *("strategies", "segments", "archived", "has_variants", "created_by", "created_at"),
            *("or_", "not_"),
        ),
        frozenset[str](),
    ),
    "segment_names": frozenset({"segments"}),
    "enabled_in": frozenset({"environments"}),
    "disabled_in": frozenset({"environments"}),
    "applications": frozenset({USAGE}),
    "staleness": frozenset({"toggle_types", CLOCK}),
    "lifecycle": frozenset({"environments", USAGE}),
    "last_seen_at": frozenset({USAGE}),
    "usage": frozenset({USAGE, CLOCK}),
}


def needs_index(snapshot: Snapshot, filter: ToggleFilter | None) -> bool:
    """Whether a filter searches in a snapshot whose search index takes long to build.

    In that case, call `index_toggles` before `choose_toggles`.
    """
    return not is_indexed(snapshot) and _searches(given(filter))


def _searches(filter: ToggleFilter | None) -> bool:
    if filter is None:
        return False
    nested = (*(given(filter.or_) or ()), given(filter.not_))
    return bool(given(filter.search)) or any(map(_searches, nested))


def choose_toggles(
    context: Context,
    filter: ToggleFilter | None,
    *,
    among: Sequence[Toggle] | None = None,
    held: Predicate[Toggle] | None = None,
) -> Sequence[Toggle]:
    """Return the toggles that match a filter, sorted by name.

    `among` and `held` restrict the selection to a subset of the toggles. `among` lists the active
    toggles of the subset, sorted by name. `held` tests whether a toggle belongs to the subset.

    Raises: GraphQLError: BAD_USER_INPUT, if the filters are too deep, too many or too long.
    """
    snapshot = context.snapshot
    filter = given(filter)
    archived = False if filter is None else filter.archived
    selectors = [] if filter is None else _Compiler(context).selectors(filter)
    if archived is None:
        chosen = all_toggles(snapshot)
    elif archived:
        chosen = snapshot.archived_toggles
    elif among is not None:
        return select_toggles(among, selectors)
    else:
        chosen = snapshot.live_toggles
    return select_toggles(chosen if held is None else where(chosen, [held]), selectors)


class _Compiler:
    """Compiles a filter, including nested filters, to functions that select toggles."""

    def __init__(self, context: Context) -> None:
        self._snapshot = context.snapshot
        self._usage = context.store.usage
        self._now = context.now
        self._filters = 0
        # The result is cached, because several nested filters may set the same condition.
        self._stage_of = cache(self._work_out_stage)

    def selectors(self, filter: ToggleFilter, depth: int = 1) -> list[Selector]:
        """Return one selecting function for each condition.

        Raises: GraphQLError: BAD_USER_INPUT.
        """
        self._filters += 1
        if depth > MAX_DEPTH:
            raise bad_user_input(
                f"The filter nests `or` and `not` more than {MAX_DEPTH} levels deep."
            )
        if self._filters > MAX_FILTERS:
            raise bad_user_input(f"The filter contains more than {MAX_FILTERS} nested filters.")
        return [
            *self._of_search(filter),
            *self._of_tags(filter),
            *self._of_configuration(filter),
            *self._of_staleness(filter),
            *map(selector_of, self._of_usage(filter)),
            *self._of_nested(filter, depth),
        ]

    def _of_search(self, filter: ToggleFilter) -> Iterator[Selector]:
        substring = searched(filter.search)
        if substring:
            yield lambda toggles: search(self._snapshot, toggles, substring)

    def _of_configuration(self, filter: ToggleFilter) -> Iterator[Selector]:
        """Yield the selectors of conditions that depend only on the snapshot."""
        for key, condition in (*self._of_fields(filter), *self._of_environments(filter)):
            yield cached_selector(self._snapshot, key, selector_of(condition))

    def _of_fields(self, filter: ToggleFilter) -> Iterator[tuple[Hashable, Predicate[Toggle]]]:
        """Yield pairs of a condition's key and the condition."""
        prefix = given(filter.name_prefix)
        names, projects = string_set(filter.names, "names"), string_set(filter.projects, "projects")
        types, makers = (
            string_set(filter.types, "types"),
            string_set(filter.created_by, "createdBy"),
        )
        created = given(filter.created_at)
        if names is not None:
            yield ("names", names), lambda toggle: toggle.name in names
        if prefix:
            yield ("prefix", prefix), lambda toggle: toggle.name.startswith(prefix)
        if projects is not None:
            yield ("projects", projects), lambda toggle: toggle.project in projects
        if types is not None:
            yield ("types", types), lambda toggle: toggle.type in types
        if makers is not None:
            yield (
                ("makers", makers),
                lambda toggle: toggle.created_by is not None and toggle.created_by.name in makers,
            )
        if created is not None:
            span = (created.earliest, created.end)
            yield ("created", span), lambda toggle: created.holds(toggle.created_at)

    def _of_environments(
        self, filter: ToggleFilter
    ) -> Iterator[tuple[Hashable, Predicate[Toggle]]]:
        on, off = (
            string_set(filter.enabled_in, "enabledIn"),
            string_set(filter.disabled_in, "disabledIn"),
        )
        strategies = string_set(filter.strategies, "strategies")
        if on is not None:
            among = on.intersection(self._snapshot.environments)
            yield (
                ("on", among),
                lambda toggle: any(_enabled(toggle, environment) for environment in among),
            )
        if off is not None:
            known = off.intersection(self._snapshot.environments)
            yield (
                ("off", known),
                lambda toggle: not all(_enabled(toggle, environment) for environment in known),
            )
        if strategies is not None:
            yield (
                ("strategies", strategies),
                lambda toggle: any(
                    strategy.name in strategies for strategy in activation_strategies(toggle)
                ),
            )
        for segments in self._segment_ids(filter):
            yield (
                ("segments", segments),
                partial(_uses_segment, segments),
            )
        if (has_variants := given(filter.has_variants)) is not None:
            yield (
                ("variants", has_variants),
                lambda toggle: _has_variants(toggle) is has_variants,
            )

    def _segment_ids(self, filter: ToggleFilter) -> Iterator[frozenset[int]]:
        """Yield the segments of each condition. Toggles must use a segment of each."""
        ids = entries(filter.segments, "segments")
        names = string_set(filter.segment_names, "segmentNames")
        if ids is not None:
            yield frozenset(map(_segment_id, ids))
        if names is not None:
            known = self._snapshot.segments_by_name
            yield frozenset(known[name].id for name in names if name in known)

    def _of_tags(self, filter: ToggleFilter) -> Iterator[Selector]:
        some, every = entries(filter.tags, "tags"), entries(filter.all_tags, "allTags")
        if some is not None:
            one_of = frozenset(Tag(tag.type, tag.value) for tag in some)
            yield cached_selector(
                self._snapshot,
                ("tags", one_of),
                lambda toggles: [
                    toggle for toggle in toggles if not one_of.isdisjoint(toggle.tags)
                ],
            )
        if every is not None:
            all_of = frozenset(Tag(tag.type, tag.value) for tag in every)
            yield cached_selector(
                self._snapshot,
                ("all tags", all_of),
                lambda toggles: [toggle for toggle in toggles if all_of.issubset(toggle.tags)],
            )

    def _of_staleness(self, filter: ToggleFilter) -> Iterator[Selector]:
        chosen = entries(filter.staleness, "staleness")
        if chosen is not None:
            kinds = frozenset(chosen)
            yield lambda toggles: select_by_staleness(self._snapshot, toggles, kinds, self._now)

    def _of_usage(self, filter: ToggleFilter) -> Iterator[Predicate[Toggle]]:
        seen = given(filter.last_seen_at)
        applications = string_set(filter.applications, "applications")
        stages, usage = entries(filter.lifecycle, "lifecycle"), given(filter.usage)
        if seen is not None:
            yield lambda toggle: seen.holds(self._usage.last_seen_at(toggle.name))
        if applications is not None:
            yield lambda toggle: not applications.isdisjoint(self._usage.applications(toggle.name))
        if stages is not None:
            yield lambda toggle: self._stage_of(toggle.id) in stages
        if usage is not None:
            yield from usage_conditions(usage, self._usage, self._now)

    def _work_out_stage(self, id: str) -> LifecycleStage:
        return lifecycle_of(self._snapshot, self._usage, self._snapshot.toggles_by_id[id]).stage

    def _of_nested(self, filter: ToggleFilter, depth: int) -> Iterator[Selector]:
        alternatives, excluded = entries(filter.or_, "or"), given(filter.not_)
        if alternatives is not None:
            compiled = [self._nested(alternative, depth + 1) for alternative in alternatives]
            yield lambda toggles: _through_any(toggles, compiled)
        if excluded is not None:
            exclusion = self._nested(excluded, depth + 1)
            yield lambda toggles: _without(toggles, _ids(select_toggles(toggles, exclusion)))

    def _nested(self, filter: ToggleFilter, depth: int) -> list[Selector]:
        selectors = self.selectors(filter, depth)
        archived = filter.archived
        if archived is not None and archived is not _FALSE_BY_DEFAULT:
            selectors.append(selector_of(lambda toggle: toggle.archived is archived))
        return selectors


def _through_any(
    toggles: Sequence[Toggle], alternatives: Iterable[Iterable[Selector]]
) -> Sequence[Toggle]:
    left = toggles
    for selectors in alternatives:
        left = _without(left, _ids(select_toggles(left, selectors)))
    return _without(toggles, _ids(left))


def _ids(toggles: Iterable[Toggle]) -> frozenset[str]:
    return frozenset(toggle.id for toggle in toggles)


def _without(toggles: Sequence[Toggle], ids: frozenset[str]) -> Sequence[Toggle]:
    return [toggle for toggle in toggles if toggle.id not in ids] if ids else toggles


def _enabled(toggle: Toggle, environment: str) -> bool:
    configured = toggle.environments.get(environment)
    return configured is not None and configured.enabled


def _segment_id(id: strawberry.ID) -> int:
    key = number_of_key(decode_query_id(id, "Segment"))
    if key is None:
        raise not_an_id(id, "Segment")
    return key


def _uses_segment(segments: frozenset[int], toggle: Toggle) -> bool:
    return any(
        not segments.isdisjoint(strategy.segments) for strategy in activation_strategies(toggle)
    )


def _has_variants(toggle: Toggle) -> bool:
    return any(
        configured.variants or any(strategy.variants for strategy in configured.strategies)
        for configured in toggle.environments.values()
    )
