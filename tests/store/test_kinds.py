"""The registry of kinds agrees with the code that uses kinds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from store import model
from store.aggregates import rows_of, table_of
from store.events import EventType
from store.kinds import KINDS, KINDS_BY_SUBJECT, Kind, identity_of, indexes_of
from store.operations.deletion import _DELETIONS  # pyright: ignore[reportPrivateUsage]
from store.snapshot import Configuration, Draft, Snapshot
from store.values import Tag

NOW = datetime(2030, 1, 1, tzinfo=UTC)
EXAMPLES: list[Any] = [
    model.Toggle(id="t-1", name="a", created_at=NOW, updated_at=NOW),
    model.Strategy(name="a", title="A", created_at=NOW),
    model.Environment(name="a", type=model.EnvironmentType.TEST, created_at=NOW),
    model.Project(name="a", title="A", created_at=NOW),
    model.ToggleType(name="a", title="A"),
    model.Segment(id=7, name="a", created_at=NOW),
    model.ContextField(name="a", created_at=NOW),
    model.TagType(name="a", created_at=NOW),
    Tag("simple", "a:b"),
    model.ApiToken(
        id="k-1",
        name="a",
        type=model.ApiTokenType.CLIENT,
        environment="default",
        hint="1234",
        secret_hash="abc",
        created_at=NOW,
    ),
    model.Webhook(
        id=3, name="a", receiver_url="https://a.example", signing_secret="abc", created_at=NOW
    ),
]


def name_of(value: Any) -> str:
    return getattr(value, "model", type(value)).__name__


def test_there_is_an_example_of_every_kind() -> None:
    assert [type(example) for example in EXAMPLES] == [kind.model for kind in KINDS]


def test_each_mapping_of_a_configuration_belongs_to_one_kind() -> None:
    mappings = [name for kind in KINDS for name, _ in kind.indexes]

    assert sorted(mappings) == sorted(Configuration.__struct_fields__)


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_an_object_is_found_under_the_key_of_its_events(example: Any) -> None:
    draft = Draft(Snapshot(0, Configuration()), 1)
    draft.put(example)
    subject, key, _ = identity_of(example)
    kind = KINDS_BY_SUBJECT[subject]

    assert getattr(draft, kind.event_index)[kind.parse_event_key(key)] is example
    for mapping, index_key in indexes_of(example):
        assert getattr(draft, mapping)[index_key] is example


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_a_row_has_the_fields_of_an_object(example: Any) -> None:
    table = table_of(KINDS_BY_SUBJECT[identity_of(example)[0]].row)
    (record,) = rows_of(example)[table].values()

    assert record == {name: getattr(example, name) for name in record}


@pytest.mark.parametrize("kind", [item for item in KINDS if item.undoable], ids=name_of)
def test_what_was_made_can_be_undone(kind: Kind) -> None:
    """Toggle types are excluded, because no change creates or deletes only a toggle type."""
    names = {event.name for event in EventType}

    assert kind.model in _DELETIONS or kind.model is model.ToggleType
    if kind.model not in (model.ToggleType, Tag):
        assert {f"{kind.subject.name}_CREATED", f"{kind.subject.name}_UPDATED"} <= names


def test_anything_else_is_no_configuration() -> None:
    with pytest.raises(TypeError, match=r"^str is not part of the configuration$"):
        identity_of("a")
