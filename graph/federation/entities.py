"""Find all entities that a router requests in one batch."""

from collections.abc import Awaitable, Sequence
from typing import Any, cast

from graph.context import Context
from graph.engine.errors import bad_user_input
from graph.federation.subgraph import ENTITIES
from graph.ids import decode_query_id
from graph.nodes import find_named, find_object, gather_found
from store.events import SubjectKind
from store.operations.strings import display

# A request may have at most this many representations. A router sends all representations of one
# step of its query plan at once.
MAX_REPRESENTATIONS = 1_000

# These types of entities are in the snapshot. Applications are rows of the database, with the name
# as key.
_KINDS = {
    "Toggle": SubjectKind.TOGGLE,
    "Environment": SubjectKind.ENVIRONMENT,
    "Strategy": SubjectKind.STRATEGY,
    "Segment": SubjectKind.SEGMENT,
    "Project": SubjectKind.PROJECT,
}


async def find_entities(context: Context, representations: Sequence[Any]) -> list[object | None]:
    """Return the entity of each representation in order; None for an entity that does not exist.

    The result has an error at the index of a malformed representation. All applications are loaded
    with one SQL statement.

    Raises: GraphQLError: BAD_USER_INPUT, when there are too many representations.
    """
    if len(representations) > MAX_REPRESENTATIONS:
        raise bad_user_input(
            f"The list 'representations' has {len(representations)} entries; "
            f"at most {MAX_REPRESENTATIONS} are allowed."
        )
    return await gather_found(
        representations, lambda representation: _find_entity(context, representation)
    )


def _find_entity(context: Context, representation: Any) -> object | None | Awaitable[object | None]:
    """Return the entity that a representation identifies by ID, name or both.

    Return None if no entity has all given keys.

    Raises: GraphQLError: BAD_USER_INPUT, when the representation is malformed.
    """
    if not isinstance(representation, dict):
        raise bad_user_input("A representation must be an object with '__typename' and a key.")
    fields = cast("dict[str, Any]", representation)
    type_name = _type_name_in(fields)
    id, name = _key_in(fields, "id", type_name), _key_in(fields, "name", type_name)
    key = None if id is None else decode_query_id(id, type_name)
    if key is None and name is None:
        raise bad_user_input(f"The representation of a {type_name} needs its 'name' or its 'id'.")
    if type_name == "Application":
        if key is not None and name not in (None, key):
            return None
        return context.loaders.applications.load(key or name or "")
    if key is None:
        return find_named(context, _KINDS[type_name], name or "")
    found: Any = find_object(context, type_name, key)
    return None if found is None or name not in (None, found.name) else found


def _type_name_in(fields: dict[str, Any]) -> str:
    type_name = fields.get("__typename")
    if not isinstance(type_name, str):
        raise bad_user_input("A representation needs a '__typename', which must be a string.")
    if type_name not in ENTITIES:
        raise bad_user_input(
            f"'{display(type_name)}' is not an entity of this server; the entities are "
            f"{', '.join(ENTITIES)}."
        )
    return type_name


def _key_in(fields: dict[str, Any], name: str, type_name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_user_input(f"The key '{name}' of a {type_name} must be a string.")
    return value
