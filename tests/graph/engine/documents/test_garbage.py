"""A document is freed together with its last reference, without a garbage collection."""

import gc
from collections.abc import Iterator

import pytest
from graphql import FieldNode

from graph.engine.documents.preparing import Documents
from graph.schema import schema


@pytest.fixture
def without_collection() -> Iterator[None]:
    """Disable garbage collections, so that cyclic garbage remains in memory."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collection")
@pytest.mark.parametrize("field", ["name", "nope"])
def test_a_validated_document_leaves_nothing_to_collect(field: str) -> None:
    documents = Documents(schema.graphql)
    before = count_of_fields()

    document = documents.read(f"{{ toggles(first: 1) {{ nodes {{ {field} enabled: name }} }} }}")
    has_errors = bool(document.errors)
    during = count_of_fields()
    del document

    assert has_errors is (field == "nope")
    assert during >= before + 4
    assert count_of_fields() == before


@pytest.mark.usefixtures("without_collection")
def test_a_document_whose_validation_is_given_up_leaves_few_fields() -> None:
    documents = Documents(schema.graphql)
    before = count_of_fields()

    document = documents.read(f"{{ toggles(first: 1) {{ nodes {{ {'name ' * 3_900} }} }} }}")
    codes = [(error.extensions or {}).get("limit") for error in document.errors]
    del document

    assert codes == ["comparisons"]
    assert count_of_fields() <= before + 10


def count_of_fields() -> int:
    """The number of document fields in memory."""
    return sum(isinstance(item, FieldNode) for item in gc.get_objects())
