"""Copy a toggle, and delete an archived toggle."""

from http import HTTPStatus

from rest_compat.http.errors import BadDataError
from rest_compat.http.operation import Answer
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import LooseBool, LooseString, read_body
from rest_compat.unleash8.errors import ConflictError, MissingError, NameExistsError, refusal_form
from rest_compat.unleash8.features import FEATURE, PROJECT, TAG, TOGGLE, feature_response
from rest_compat.unleash8.lookup import toggle_of
from rest_compat.unleash8.models import ProjectFeatureJson
from rest_compat.unleash8.validating import Body
from store.operations.cloning import clone_toggle
from store.operations.strings import display
from store.operations.toggles import delete_toggle

routes = RouteTable(TAG, refusal_form=refusal_form())


class CloneBody(Body):
    """The name of the copy, and whether it replaces the group of gradual rollouts."""

    name: LooseString
    replace_group_id: LooseBool = True


@routes.route(
    "POST",
    f"{FEATURE}/clone",
    id="cloneFeature",
    parameters=(PROJECT, TOGGLE),
    body=CloneBody,
    example={"name": "checkout-one-page-again", "replaceGroupId": True},
    answers={201: Answer("The new toggle.", ProjectFeatureJson)},
    errors=(BadDataError, MissingError, NameExistsError),
)
async def clone(request: Request) -> Response:
    """Create a copy of a toggle with its configurations in all environments.

    The copy is off, and has no tags. Unless `replaceGroupId` is false, the name of the copy becomes
    the group of its gradual rollouts, so that other users get the copy.
    """
    body = await read_body(request, CloneBody)
    async with request.store.write(request.principal.actor) as work:
        toggle = await clone_toggle(
            work,
            toggle_of(work.snapshot, request).name,
            new_name=body.name,
            replace_groups=body.replace_group_id,
        )
    return feature_response(request, toggle, status=HTTPStatus.CREATED)


@routes.route(
    "DELETE",
    "/api/admin/archive/:name",
    id="deleteFeature",
    parameters=(TOGGLE.with_example("newsletter-footer"),),
    errors=(MissingError, ConflictError),
)
async def delete(request: Request) -> Response:
    """Delete an archived toggle permanently.

    A live toggle, and a toggle on which others depend, cannot be deleted.
    """
    name = request.parameters["name"]
    async with request.store.write(request.principal.actor) as work:
        if name not in work.snapshot.toggles:
            raise MissingError(f"No toggle is named '{display(name)}'.")
        await delete_toggle(work, name)
    return Response(200)
