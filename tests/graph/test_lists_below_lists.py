"""Each list below another list has a maximum length: a page size, or a limit of the product."""

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)

from graph.schema import schema

_ITEMS = "at most 500 entries of one input (MAX_ITEMS)"
_VALUES = "at most 10,000 values of one input (MAX_CONSTRAINT_VALUES)"
_SERIES = "at most 20,000 buckets, or counts of variants, for a list of series (MAX_BUCKETS)"
_DIFFERENCES = "at most 200 changes below each field of an object (MAX_COMPARED)"
_PATH = "as long as the input is deep"
_SUBJECTS = "at most ten (MAX_SUBJECTS)"

# These lists without pages can occur below another list. The values state the limits of lengths.
LIMITED = {
    "AlreadyExistsError.path": _PATH,
    "InUseError.path": _PATH,
    "InUseError.usedBy": _SUBJECTS,
    "InvalidError.path": _PATH,
    "NotFoundError.path": _PATH,
    "OtherUserError.path": _PATH,
    "RevisionConflictError.path": _PATH,
    "UserError.path": _PATH,
    "ApiToken.projects": _ITEMS,
    "Application.metrics": _SERIES,
    "Application.strategies": _ITEMS,
    "Change.changes": _DIFFERENCES,
    "Change.warnings": "at most a few for each strategy and constraint of one change",
    "ChangeWarning.subjects": _SUBJECTS,
    "Constraint.values": _VALUES,
    "ContextField.legalValues": _VALUES,
    "Evaluation.dependencies": _ITEMS,
    "Evaluation.strategies": _ITEMS,
    "EvaluationContext.properties": "at most 1,000 fields of a context (MAX_FIELDS)",
    "Event.changes": _DIFFERENCES,
    "MetricsBucket.variants": _SERIES,
    "MetricsSeries.buckets": _SERIES,
    "MetricsSeries.variants": _SERIES,
    "PlaygroundResult.before": "one for each environment and context of the arguments, and priced",
    "PlaygroundResult.evaluations": "one for each environment and context of the arguments",
    "RecordedDependency.variants": _ITEMS,
    "RecordedToggle.dependencies": _ITEMS,
    "RecordedToggle.tags": _ITEMS,
    "RecordedToggleEnvironment.strategies": _ITEMS,
    "RecordedToggleEnvironment.variants": _ITEMS,
    "RecordedToggleStrategy.constraints": _ITEMS,
    "RecordedToggleStrategy.parameters": _ITEMS,
    "RecordedToggleStrategy.segments": _ITEMS,
    "RecordedToggleStrategy.variants": _ITEMS,
    "StateImportWarning.path": _PATH,
    "Rollout.steps": "at most 50 steps (MAX_STEPS)",
    "Segment.constraints": _ITEMS,
    "SegmentEvaluation.constraints": _ITEMS,
    "Strategy.parameters": _ITEMS,
    "StrategyEvaluation.constraints": _ITEMS,
    "StrategyEvaluation.segments": _ITEMS,
    "Toggle.dependencies": _ITEMS,
    "Toggle.metrics": _SERIES,
    "Toggle.strategies": _ITEMS,
    "Toggle.tags": _ITEMS,
    "Toggle.variants": _ITEMS,
    "ToggleDependency.variants": _ITEMS,
    "ToggleEnvironment.strategies": _ITEMS,
    "ToggleEnvironment.variants": _ITEMS,
    "ToggleLifecycle.history": "at most once each stage",
    "ToggleStrategy.constraints": _ITEMS,
    "ToggleStrategy.parameters": _ITEMS,
    "ToggleStrategy.segments": _ITEMS,
    "ToggleStrategy.variants": _ITEMS,
    "ToggleTick.variants": "at most 500 defined variants, and 500 undefined ones for each report",
    "Variant.overrides": _ITEMS,
    "VariantOverride.values": _ITEMS,
    "Webhook.environments": _ITEMS,
    "Webhook.eventTypes": "at most all types of events",
    "Webhook.projects": _ITEMS,
}


def _is_list(type: GraphQLOutputType) -> bool:
    return isinstance(type.of_type if isinstance(type, GraphQLNonNull) else type, GraphQLList)


def _fields(type: object) -> Iterator[tuple[str, GraphQLField]]:
    """Yield the fields of a type, and of the types that can take its place."""
    if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
        yield from ((f"{type.name}.{name}", field) for name, field in type.fields.items())


def _fields_below_lists() -> dict[str, GraphQLField]:
    """Return all fields of list items, and of objects that can be reached from list items."""
    found: dict[str, GraphQLField] = {}
    seen: set[tuple[str, bool]] = set()
    roots = (
        schema.graphql.query_type,
        schema.graphql.mutation_type,
        schema.graphql.subscription_type,
    )
    left: list[tuple[object, bool]] = [(root, False) for root in roots]
    while left:
        type, below = left.pop()
        name = getattr(type, "name", "")
        if (name, below) in seen:
            continue
        seen.add((name, below))
        for coordinate, field in _fields(type):
            if below:
                found[coordinate] = field
            left.append((get_named_type(field.type), below or _is_list(field.type)))
        if isinstance(type, GraphQLInterfaceType):
            left += [(each, below) for each in schema.graphql.get_possible_types(type)]
    return found


def test_each_list_below_a_list_has_pages_or_a_known_limit() -> None:
    unpaged = {
        coordinate
        for coordinate, field in _fields_below_lists().items()
        if _is_list(field.type)
        and "first" not in field.args
        and not coordinate.endswith(("Connection.edges", "Connection.nodes"))
    }

    assert unpaged == LIMITED.keys()


def test_each_list_with_pages_has_a_count_and_says_whether_there_is_more() -> None:
    paged = {
        coordinate: field
        for coordinate, field in _fields_below_lists().items()
        if _is_list(field.type) and "first" in field.args
    }

    for coordinate, field in paged.items():
        type_name, _, name = coordinate.partition(".")
        type = schema.graphql.type_map[type_name]
        assert isinstance(type, GraphQLObjectType)
        one = f"{name[:-3]}y" if name.endswith("ies") else name[:-1]
        assert {f"hasMore{name[0].upper()}{name[1:]}", f"{one}Count"} <= type.fields.keys()
        assert str(field.args["first"].type) == "Int!"
        assert field.args["first"].default_value == 50
        assert str(field.args["after"].type) == "String"


def test_each_list_with_pages_is_priced_by_its_page_size() -> None:
    rules = schema.cost_rules
    paged = {
        tuple(coordinate.split("."))
        for coordinate, field in _fields_below_lists().items()
        if _is_list(field.type) and "first" in field.args
    }

    assert paged - {("ChangeSet", "changes")} == rules.inner_lists
