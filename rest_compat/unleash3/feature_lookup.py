"""Look up the toggle in the path of a request."""

from rest_compat.http.request import Request
from rest_compat.unleash3.errors import AbsentError, MissingError
from store import Snapshot
from store.model import Toggle
from store.operations.strings import display


def find_live(snapshot: Snapshot, name: str) -> Toggle:
    """Find the live toggle to change.

    Raises: AbsentError.
    """
    toggle = snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        raise AbsentError(f"No toggle is named '{display(name)}'.")
    return toggle


def read_live(request: Request) -> Toggle:
    """Find the live toggle to read.

    Raises: MissingError.
    """
    name = request.parameters["name"]
    toggle = request.snapshot.toggles.get(name)
    if toggle is None or toggle.archived:
        raise MissingError(f"No toggle is named '{display(name)}'.")
    return toggle
