"""All types that describe a kind of object have all its fields.

These tests find types in which a new field was forgotten. `left_out` lists deliberate omissions.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from msgspec import Struct
from sqlmodel import SQLModel

from graph.context_fields import mutations as context_field_inputs
from graph.context_fields.type import ContextField
from graph.environments import mutations as environment_inputs
from graph.environments.type import Environment
from graph.projects import mutations as project_inputs
from graph.projects.type import Project
from graph.segments import mutations as segment_inputs
from graph.segments.type import Segment
from graph.strategies import mutations as strategy_inputs
from graph.strategies.type import Strategy
from graph.tags import mutations as tag_type_inputs
from graph.tags.type import TagType
from graph.toggles import mutations as toggle_inputs
from graph.toggles import toggle_type_mutations as toggle_type_inputs
from graph.toggles.inputs import ToggleStrategyInput
from graph.toggles.recorded import RecordedToggle, RecordedToggleStrategy
from graph.toggles.strategy import ToggleStrategy
from graph.toggles.strategy_mutations import ToggleStrategyUpdateInput
from graph.toggles.toggle_type import ToggleType
from graph.toggles.type import Toggle
from graph.webhooks import mutations as webhook_inputs
from graph.webhooks.type import Webhook
from rest_compat.unleash3 import context as context_field_bodies
from rest_compat.unleash3 import models as unleash3
from rest_compat.unleash3 import strategies as strategy_bodies
from rest_compat.unleash3 import tag_types as tag_type_bodies
from rest_compat.unleash3.feature_bodies import FeatureBody
from rest_compat.unleash8 import batch_exporting
from rest_compat.unleash8 import models as unleash8
from rest_compat.unleash8.bodies import StrategyBody
from rest_compat.unleash8.features import ChangedFeatureBody, NewFeatureBody
from rest_compat.unleash8.segments import SegmentBody
from rest_compat.unleash8.validating import Body
from store import model, rows
from store.operations import fields
from store.operations.inputs import StrategySpec
from store.transfer import document


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of object: the list of its fields, and all types that must have these fields.

    Exports do not contain a kind without `entry`. `bodies` are request bodies of REST. `answers`
    are response bodies of REST. `left_out` maps a type to the fields that the type deliberately
    lacks. `others` are the fields of the model that are not in `fields`.
    """

    fields: type[Struct]
    model: type[Struct]
    row: type[SQLModel]
    entry: type[Struct] | None = None
    graphql: tuple[type, ...]
    bodies: tuple[type[Body | Struct], ...] = ()
    answers: tuple[type[Struct], ...] = ()
    left_out: Mapping[str, set[str]] = {}
    others: set[str]


# Rows store these as text.
ENUMS = (model.EnvironmentType, model.WebhookFormat)

KINDS = [
    Kind(
        fields=fields.ToggleFields,
        model=model.Toggle,
        row=rows.ToggleRow,
        entry=document.ToggleEntry,
        graphql=(
            Toggle,
            RecordedToggle,
            toggle_inputs.ToggleCreateInput,
            toggle_inputs.ToggleUpdateInput,
        ),
        bodies=(FeatureBody, NewFeatureBody, ChangedFeatureBody),
        answers=(
            unleash3.ToggleSettingsJson,
            unleash8.ProjectFeatureJson,
            unleash8.FeatureSettingsJson,
        ),
        left_out={
            # 3.x does not support this field.
            "FeatureBody": {"impression_data"},
            "ToggleSettingsJson": {"impression_data"},
            # The path contains the project.
            "NewFeatureBody": {"project"},
            "ChangedFeatureBody": {"project"},
        },
        others=set(
            "id name stale_at archived_at created_at created_by updated_at revision "
            "tags dependencies environments".split()
        ),
    ),
    Kind(
        fields=fields.StrategyFields,
        model=model.Strategy,
        row=rows.StrategyRow,
        entry=document.StrategyEntry,
        graphql=(
            Strategy,
            strategy_inputs.StrategyCreateInput,
            strategy_inputs.StrategyUpdateInput,
        ),
        bodies=(strategy_bodies.StrategyDefinitionBody,),
        answers=(unleash3.StrategyDefinitionJson,),
        left_out={
            # A new strategy is never deprecated.
            "StrategyCreateInput": {"deprecated"},
            # 3.x does not support this field.
            "StrategyDefinitionBody": {"title"},
            "StrategyDefinitionJson": {"title"},
        },
        others={"name", "built_in", "created_at", "revision"},
    ),
    Kind(
        fields=fields.SegmentFields,
        model=model.Segment,
        row=rows.SegmentRow,
        entry=document.SegmentEntry,
        graphql=(Segment, segment_inputs.SegmentCreateInput, segment_inputs.SegmentUpdateInput),
        bodies=(SegmentBody,),
        answers=(unleash8.SegmentJson,),
        others={"id", "name", "created_at", "created_by", "revision"},
    ),
    Kind(
        fields=fields.ContextFieldFields,
        model=model.ContextField,
        row=rows.ContextFieldRow,
        entry=document.ContextFieldEntry,
        graphql=(
            ContextField,
            context_field_inputs.ContextFieldCreateInput,
            context_field_inputs.ContextFieldUpdateInput,
        ),
        bodies=(
            context_field_bodies.NewContextFieldBody,
            context_field_bodies.ContextFieldBody,
        ),
        answers=(unleash3.ContextFieldJson, batch_exporting.BatchContextFieldJson),
        left_out={
            "ContextFieldCreateInput": {"sort_order"},
            # 3.17.6 reads the sort order only when a context field is created.
            "ContextFieldBody": {"sort_order"},
        },
        others={"name", "built_in", "created_at", "revision"},
    ),
    Kind(
        fields=fields.EnvironmentFields,
        model=model.Environment,
        row=rows.EnvironmentRow,
        entry=document.EnvironmentEntry,
        graphql=(
            Environment,
            environment_inputs.EnvironmentCreateInput,
            environment_inputs.EnvironmentUpdateInput,
        ),
        answers=(unleash8.EnvironmentJson,),
        # A new environment is enabled and the last one.
        left_out={"EnvironmentCreateInput": {"enabled", "sort_order"}},
        others={"name", "created_at", "served_revision", "revision"},
    ),
    Kind(
        fields=fields.ProjectFields,
        model=model.Project,
        row=rows.ProjectRow,
        entry=document.ProjectEntry,
        graphql=(Project, project_inputs.ProjectCreateInput, project_inputs.ProjectUpdateInput),
        others={"name", "declared", "created_at", "revision"},
    ),
    Kind(
        fields=fields.ToggleTypeFields,
        model=model.ToggleType,
        row=rows.ToggleTypeRow,
        entry=document.ToggleTypeEntry,
        graphql=(ToggleType, toggle_type_inputs.ToggleTypeUpdateInput),
        answers=(unleash3.ToggleTypeJson,),
        # Toggle types cannot be created, and these fields cannot be changed.
        others={"name", "title", "description", "sort_order", "declared", "revision"},
    ),
    Kind(
        fields=fields.TagTypeFields,
        model=model.TagType,
        row=rows.TagTypeRow,
        entry=document.TagTypeEntry,
        graphql=(TagType, tag_type_inputs.TagTypeCreateInput, tag_type_inputs.TagTypeUpdateInput),
        bodies=(tag_type_bodies.TagTypeBody,),
        answers=(unleash3.TagTypeJson, batch_exporting.BatchTagTypeJson),
        others={"name", "created_at", "revision"},
    ),
    Kind(
        fields=StrategySpec,
        model=model.ToggleStrategy,
        row=rows.ToggleStrategyRow,
        entry=document.ActivationEntry,
        graphql=(
            ToggleStrategy,
            RecordedToggleStrategy,
            ToggleStrategyInput,
            ToggleStrategyUpdateInput,
        ),
        bodies=(StrategyBody,),
        answers=(unleash3.StrategyJson, unleash8.FeatureStrategyJson),
        left_out={
            # Segments have their own table.
            "ToggleStrategyRow": {"segments"},
            # Only the admin API of Unleash 8 can replace a toggle's strategy by another strategy.
            "ToggleStrategyUpdateInput": {"name"},
        },
        others={"id", "toggle_id", "environment", "sort_order"},
    ),
    Kind(
        fields=fields.WebhookFields,
        model=model.Webhook,
        row=rows.WebhookRow,
        graphql=(Webhook, webhook_inputs.WebhookCreateInput, webhook_inputs.WebhookUpdateInput),
        others=set(
            "id active_since signing_secret addon created_at created_by updated_at revision".split()
        ),
    ),
]


def _structs(kind: Kind) -> Iterator[tuple[str, Iterable[str]]]:
    """Return all types that must have the fields of a kind.

    Each item has the name of the type and the names of its fields.
    """
    yield kind.model.__name__, kind.model.__struct_fields__
    yield kind.row.__name__, kind.row.model_fields
    if kind.entry is not None:
        yield kind.entry.__name__, kind.entry.__struct_fields__
    for graphql in kind.graphql:
        definition: Any = getattr(graphql, "__strawberry_definition__")  # noqa: B009
        yield graphql.__name__, [field.python_name for field in definition.fields]
    for body in kind.bodies:
        names = body.__struct_fields__ if issubclass(body, Struct) else body.model_fields
        yield body.__name__, names
    for answer in kind.answers:
        yield answer.__name__, answer.__struct_fields__


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.__name__)
def test_each_place_has_the_fields_of_its_kind(kind: Kind) -> None:
    names = set(kind.fields.__struct_fields__)

    missing = {struct: names - set(known) for struct, known in _structs(kind)}

    assert {struct: found for struct, found in missing.items() if found} == kind.left_out


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.__name__)
def test_a_list_has_all_that_writers_can_say(kind: Kind) -> None:
    assert set(kind.model.__struct_fields__) - kind.others == set(kind.fields.__struct_fields__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model.__name__)
def test_a_field_has_the_same_type_in_an_object_and_in_its_row(kind: Kind) -> None:
    """JSON columns are excluded, because rows declare these columns with the type Any."""
    declared = {name: field.annotation for name, field in kind.row.model_fields.items()}
    types = {name: kind.model.__annotations__[name] for name in kind.fields.__struct_fields__}

    simple = {
        name: type
        for name, type in types.items()
        if declared.get(name, Any) is not Any and type not in ENUMS
    }

    assert {name: declared[name] for name in simple} == simple


@pytest.mark.parametrize("entry", [kind.entry for kind in KINDS if kind.entry is not None])
def test_names_come_first_in_exports(entry: type[Struct]) -> None:
    assert entry.__struct_fields__[0] == "name"
