"""The variants of a toggle in an environment."""

from rest_compat.http.errors import BadDataError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.configurations import CONFIGURATION
from rest_compat.unleash8.environments import ENVIRONMENT
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.features import PROJECT, TAG, TOGGLE
from rest_compat.unleash8.lookup import environment_of, toggle_of
from rest_compat.unleash8.models import VariantsJson, complete_variants
from rest_compat.unleash8.variant_bodies import VariantBody, read_variants
from store.model import Toggle
from store.operations.toggle_environments import configure_toggle

routes = RouteTable(TAG, refusal_form=refusal_form(dropped=1))

_VARIANTS = f"{CONFIGURATION}/variants"


@routes.route(
    "GET",
    _VARIANTS,
    id="getEnvironmentFeatureVariants",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT),
    answers={200: VariantsJson},
    errors=(MissingError,),
)
async def get_variants(request: Request) -> Response:
    """Read the variants of a toggle in an environment.

    Weights are in thousandths.
    """
    toggle = toggle_of(request.snapshot, request)
    return _variants(toggle, environment_of(request.snapshot, request).name)


@routes.route(
    "PUT",
    _VARIANTS,
    id="overwriteEnvironmentFeatureVariants",
    parameters=(PROJECT, TOGGLE, ENVIRONMENT),
    body=list[VariantBody],
    example=[
        {
            "name": "blue",
            "weight": 500,
            "weightType": "variable",
            "stickiness": "default",
            "payload": {"type": "string", "value": "#1f6feb"},
        },
        {
            "name": "green",
            "weight": 500,
            "weightType": "variable",
            "stickiness": "default",
            "payload": {"type": "string", "value": "#2da44e"},
        },
    ],
    answers={200: VariantsJson},
    errors=(BadDataError, MissingError),
)
async def set_variants(request: Request) -> Response:
    """Replace the variants of a toggle in an environment.

    Variants with the weight type `variable` share the weight that variants with the type `fix`
    leave. The variants are stored sorted by name.
    """
    variants = await read_variants(request)
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        toggle = await configure_toggle(
            work, toggle.name, environment=environment, variants=variants, allow_unknown=True
        )
    return _variants(toggle, environment)


def _variants(toggle: Toggle, environment: str) -> Response:
    variants = complete_variants(toggle.in_environment(environment).variants)
    return json_response(VariantsJson(variants=variants))
