"""Dependencies between toggles."""

from pydantic import Field

from rest_compat.http.errors import BadDataError, RestError
from rest_compat.http.operation import path_parameter
from rest_compat.http.request import Request
from rest_compat.http.response import Response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import LooseBool, LooseString, Value, read_body
from rest_compat.unleash8.errors import InvalidOperationError, MissingError, refusal_form
from rest_compat.unleash8.features import FEATURE, PROJECT, TAG, TOGGLE
from rest_compat.unleash8.lookup import toggle_of
from rest_compat.unleash8.validating import Body
from store.errors import Refusal
from store.operations.dependencies import set_dependencies
from store.operations.limits import MAX_ITEMS
from store.operations.strings import display
from store.values import Dependency

routes = RouteTable(TAG, refusal_form=refusal_form())

_DEPENDENCIES = f"{FEATURE}/dependencies"
_DEPENDENT = TOGGLE.with_example("checkout-express-pay")
_PARENT = path_parameter("parent", "The name of the other toggle.", "cart-save-for-later")


class DependencyBody(Body):
    """The required toggle and its required state."""

    feature: Value
    enabled: LooseBool = True
    variants: list[LooseString] = Field(default=[], max_length=MAX_ITEMS)


_form = refusal_form(dropped=2, renamed={"toggle": "feature"})


def _dependency_refusal(refusal: Refusal) -> RestError:
    # As in 8.2, problems with the other toggle are an InvalidOperationError instead of a
    # BadDataError.
    error = _form(refusal)
    about_toggle = any("variants" not in error.path for error in refusal.errors)
    return InvalidOperationError(*error.details) if about_toggle else error


@routes.route(
    "POST",
    _DEPENDENCIES,
    id="addFeatureDependency",
    parameters=(PROJECT, TOGGLE),
    body=DependencyBody,
    example={"feature": "cart-save-for-later", "enabled": True},
    errors=(BadDataError, MissingError, InvalidOperationError),
    refusal_form=_dependency_refusal,
)
async def add_dependency(request: Request) -> Response:
    """Make a toggle depend on another toggle.

    The new dependency replaces an existing dependency on the same toggle. If the other toggle must
    be off, `variants` is ignored.
    """
    body = await read_body(request, DependencyBody)
    added = Dependency(body.feature, body.enabled, tuple(body.variants) if body.enabled else ())
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        await set_dependencies(work, toggle.name, [added])
    return Response(200)


@routes.route(
    "DELETE",
    f"{_DEPENDENCIES}/:parent",
    id="deleteFeatureDependency",
    parameters=(PROJECT, _DEPENDENT, _PARENT),
    errors=(MissingError,),
)
async def remove_dependency(request: Request) -> Response:
    """Remove the dependency of a toggle on another toggle.

    The response is 404 if the toggle does not depend on the other toggle.
    """
    parent = request.parameters["parent"]
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        others = [dependency for dependency in toggle.dependencies if dependency.toggle != parent]
        if len(others) == len(toggle.dependencies):
            raise MissingError(f"Toggle '{toggle.name}' does not depend on '{display(parent)}'.")
        await set_dependencies(work, toggle.name, others)
    return Response(200)


@routes.route(
    "DELETE",
    _DEPENDENCIES,
    id="deleteFeatureDependencies",
    parameters=(PROJECT, TOGGLE.with_example("search-by-photo")),
    errors=(MissingError,),
)
async def remove_dependencies(request: Request) -> Response:
    """Remove all dependencies of a toggle.

    The response is 404 if the toggle has no dependencies.
    """
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        if not toggle.dependencies:
            raise MissingError(f"Toggle '{toggle.name}' does not depend on any other toggle.")
        await set_dependencies(work, toggle.name, ())
    return Response(200)
