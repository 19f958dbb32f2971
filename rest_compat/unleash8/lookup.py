"""Look up the objects in the path of a request."""

import re

from rest_compat.http.errors import BadDataError, Detail
from rest_compat.http.request import Request
from rest_compat.unleash8.errors import MissingError
from store import Snapshot
from store.model import Environment, Segment, Toggle, ToggleStrategy
from store.operations.strings import display

# IDs with more digits than this are not looked up, because keys are 64-bit integers.
MAX_DIGITS = 18
_INTEGER = re.compile(r"-?\d+", re.ASCII)


def project_of(snapshot: Snapshot, request: Request) -> str:
    """Return the name of the project in the path.

    Some projects exist only as names in toggles.

    Raises: MissingError.
    """
    name = request.parameters["project"]
    if name not in snapshot.projects:
        raise MissingError(f"No project is named '{display(name)}'.")
    return name


def toggle_of(snapshot: Snapshot, request: Request, *, archived: bool = False) -> Toggle:
    """Return the toggle in the path.

    Archived toggles are found only if `archived` is true.

    Raises: MissingError.
    """
    project = project_of(snapshot, request)
    name = request.parameters["name"]
    toggle = snapshot.toggles.get(name)
    if toggle is None or toggle.project != project:
        raise MissingError(f"No toggle of project '{display(project)}' is named '{display(name)}'.")
    if toggle.archived and not archived:
        raise MissingError(f"Toggle '{name}' is archived.")
    return toggle


def environment_of(snapshot: Snapshot, request: Request) -> Environment:
    """Return the environment in the path.

    Raises: MissingError.
    """
    name = request.parameters["environment"]
    environment = snapshot.environments.get(name)
    if environment is None:
        raise MissingError(f"No environment is named '{display(name)}'.")
    return environment


def strategy_of(snapshot: Snapshot, request: Request) -> tuple[Toggle, ToggleStrategy]:
    """Return the toggle and its strategy in the path.

    Raises: MissingError.
    """
    toggle = toggle_of(snapshot, request)
    environment = environment_of(snapshot, request)
    id = request.parameters["strategy"]
    for strategy in toggle.in_environment(environment.name).strategies:
        if strategy.id == id:
            return toggle, strategy
    raise MissingError(
        f"Toggle '{toggle.name}' has no strategy '{display(id)}' in {environment.name}."
    )


def segment_of(snapshot: Snapshot, request: Request) -> Segment:
    """Return the segment in the path.

    Raises: MissingError; BadDataError: the ID is not an integer.
    """
    id = request.parameters["segment"]
    if not _INTEGER.fullmatch(id):
        raise BadDataError(Detail(f"The ID '{display(id)}' is not an integer.", "/params/id"))
    segment = snapshot.segments.get(int(id)) if len(id) <= MAX_DIGITS else None
    if segment is None:
        raise MissingError(f"No segment has the ID '{display(id)}'.")
    return segment
