"""Define the input that filters events, and convert it to a query of the audit log."""

import strawberry

from graph.enums import EventType
from graph.filtering import DateTimeRangeInput, entries, given, optional, searched, string_set
from graph.ids import decode_query_id, not_an_id, parse_id
from store import events_log
from store.events import SubjectKind

SUBJECT_KINDS = {
    "Toggle": SubjectKind.TOGGLE,
    "ToggleType": SubjectKind.TOGGLE_TYPE,
    "Strategy": SubjectKind.STRATEGY,
    "Application": SubjectKind.APPLICATION,
    "Environment": SubjectKind.ENVIRONMENT,
    "Project": SubjectKind.PROJECT,
    "Segment": SubjectKind.SEGMENT,
    "ContextField": SubjectKind.CONTEXT_FIELD,
    "TagType": SubjectKind.TAG_TYPE,
    "ApiToken": SubjectKind.API_TOKEN,
    "Webhook": SubjectKind.WEBHOOK,
    "ChangeSet": SubjectKind.CHANGE_SET,
}
_TYPES_BY_KIND = {kind: type_name for type_name, kind in SUBJECT_KINDS.items()}


def type_of_kind(kind: SubjectKind) -> str | None:
    """Return the GraphQL type of a kind of object; None if the kind has no global IDs."""
    return _TYPES_BY_KIND.get(kind)


@strawberry.input(
    description=(
        "Selects the events that match all given fields. A field with a list matches if one "
        "of the list's entries matches."
    )
)
class EventFilter:
    types: list[EventType] | None = optional("Only events of these types.")
    except_types: list[EventType] | None = optional("Only events of other types than these.")
    subjects: list[strawberry.ID] | None = optional("Only events of objects with one of these IDs.")
    toggles: list[str] | None = optional(
        "Only events that concern one of these toggles, given by name."
    )
    projects: list[str] | None = optional(
        "Only events that concern one of these projects, given by name."
    )
    environments: list[str] | None = optional(
        "Only events that concern one of these environments, given by name."
    )
    actors: list[str] | None = optional(
        "Only events of changes that were made by one of these parties, given by name."
    )
    change_sets: list[strawberry.ID] | None = optional(
        "Only events of one of these change sets, given by ID."
    )
    created_at: DateTimeRangeInput | None = optional("Only events that happened in this span.")
    search: str | None = optional(
        "Only events whose subject name, summary or actor contains this text, ignoring case."
    )


def log_query(filter: EventFilter | None) -> events_log.EventFilter:
    """Convert the filter to the hashable filter of the audit log.

    Raises: GraphQLError: BAD_USER_INPUT.
    """
    filter = given(filter)
    if filter is None:
        return events_log.ALL_EVENTS
    types, created = entries(filter.types, "types"), given(filter.created_at)
    except_types = entries(filter.except_types, "exceptTypes")
    return events_log.EventFilter(
        types=None if types is None else frozenset(types),
        except_types=None if except_types is None else frozenset(except_types),
        subjects=_subjects(filter),
        toggles=string_set(filter.toggles, "toggles"),
        projects=string_set(filter.projects, "projects"),
        environments=string_set(filter.environments, "environments"),
        actors=string_set(filter.actors, "actors"),
        change_sets=_change_sets(filter),
        created_from=None if created is None else created.earliest,
        created_to=None if created is None else created.end,
        search=searched(filter.search),
    )


def _change_sets(filter: EventFilter) -> frozenset[str] | None:
    ids = entries(filter.change_sets, "changeSets")
    return None if ids is None else frozenset(decode_query_id(id, "ChangeSet") for id in ids)


def _subjects(filter: EventFilter) -> frozenset[tuple[SubjectKind, str]] | None:
    ids = entries(filter.subjects, "subjects")
    if ids is None:
        return None
    subjects: set[tuple[SubjectKind, str]] = set()
    for id in ids:
        parsed = parse_id(id)
        if parsed is None or parsed[0] not in SUBJECT_KINDS:
            raise not_an_id(id)
        subjects.add((SUBJECT_KINDS[parsed[0]], parsed[1]))
    return frozenset(subjects)
