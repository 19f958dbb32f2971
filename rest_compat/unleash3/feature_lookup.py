"""Finding the toggle that a path of the 3.x admin API names."""

from rest_compat.http.request import Request
from rest_compat.unleash3.errors import AbsentError, MissingError
from store import Snapshot
from store.model import Toggle
from store.operations.text import display


def find_live(snapshot: Snapshot, name: str) -> Toggle:
    """The toggle to change; to 3.x, archived toggles do not exist.

    Raises: AbsentError.
    """
    toggle = snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        raise AbsentError(f"No toggle is named '{display(name)}'.")
    return toggle


def read_live(request: Request) -> Toggle:
    """The live toggle to read.

    Raises: MissingError.
    """
    name = request.parameters["name"]
    toggle = request.snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        raise MissingError(f"No toggle is named '{display(name)}'.")
    return toggle
