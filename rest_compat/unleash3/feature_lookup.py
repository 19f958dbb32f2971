"""Finding the toggle that a path of the 3.x admin API names."""

from http import HTTPStatus

from rest_compat.http.request import Request
from rest_compat.unleash3.errors import EmptyError, MissingError
from store import Snapshot
from store.model import Toggle
from store.operations.text import shown


def find_live(snapshot: Snapshot, name: str) -> Toggle:
    """The toggle to be changed; to 3.x, archived ones are not there.

    Raises: EmptyError.
    """
    toggle = snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        raise EmptyError(HTTPStatus.NOT_FOUND, f"No toggle is named '{shown(name)}'.")
    return toggle


def named(request: Request) -> Toggle:
    """The live toggle to be read.

    Raises: MissingError.
    """
    name = request.parameters["name"]
    toggle = request.snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        raise MissingError(f"No toggle is named '{shown(name)}'.")
    return toggle
