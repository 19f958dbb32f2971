"""Global IDs are accepted only if they are of the expected type."""

import pytest

from graph.ids import decode_id, encode_id, number_of_key
from store.errors import InvalidError


def test_the_id_of_another_type_is_invalid_in_a_mutation() -> None:
    id = encode_id("Toggle", "x")

    assert decode_id(id, "Toggle") == "x"
    with pytest.raises(InvalidError) as caught:
        decode_id(id, "Segment", "Strategy", path=("id",))
    assert caught.value.rule == "id"
    assert caught.value.path == ("id",)
    assert caught.value.message == f"'{id}' is not the ID of Segment or Strategy."


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("0", 0),
        ("17", 17),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("9" * 5_000, None),
        ("", None),
        ("-1", None),
        ("017", None),
        ("\u0661", None),
    ],
)
def test_numbers_in_keys_are_those_that_databases_hold(key: str, number: int | None) -> None:
    assert number_of_key(key) == number
