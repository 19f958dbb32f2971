"""Global IDs are read for types that are expected."""

import pytest

from graph.ids import decode_id, encode_id
from store.errors import InvalidError


def test_the_id_of_another_type_is_invalid_in_a_mutation() -> None:
    id = encode_id("Toggle", "x")

    assert decode_id(id, "Toggle") == "x"
    with pytest.raises(InvalidError) as caught:
        decode_id(id, "Segment", "Strategy", path=("id",))
    assert caught.value.rule == "id"
    assert caught.value.path == ("id",)
    assert caught.value.message == f"'{id}' is not the ID of Segment or Strategy."
