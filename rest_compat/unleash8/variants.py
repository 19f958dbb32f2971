"""The variants of a toggle in an environment."""

from collections.abc import Sequence

from pydantic import Field

from rest_compat.http.errors import BadDataError
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import read_body
from rest_compat.unleash8.configurations import CONFIGURATION
from rest_compat.unleash8.environments import ENVIRONMENT
from rest_compat.unleash8.errors import MissingError, refusal_form
from rest_compat.unleash8.features import FEATURE, PROJECT, TAG, TOGGLE
from rest_compat.unleash8.lookup import environment_of, toggle_of
from rest_compat.unleash8.models import VariantsJson, complete_variants
from rest_compat.unleash8.rules import raise_problems
from rest_compat.unleash8.validating import Body
from rest_compat.unleash8.variant_bodies import VariantBody, checked_variants, stored_variants
from store import Snapshot
from store.errors import Problems
from store.model import Toggle
from store.operations.existing import check_known
from store.operations.limits import MAX_ITEMS
from store.operations.toggle_environments import configure_toggle

routes = RouteTable(TAG, refusal_form=refusal_form(dropped=1))

VARIANTS = f"{CONFIGURATION}/variants"


class VariantsBatchBody(Body):
    """Variants, and the environments in which they replace those of the toggle."""

    environments: list[str] = Field(min_length=1, max_length=MAX_ITEMS)
    variants: list[VariantBody] = Field(default=[], max_length=MAX_ITEMS)


@routes.route(
    "GET",
    VARIANTS,
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
    return variants_response(toggle, environment_of(request.snapshot, request).name)


@routes.route(
    "PUT",
    VARIANTS,
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
    variants = checked_variants(await request.json())
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        environment = environment_of(work.snapshot, request).name
        toggle = await configure_toggle(
            work, toggle.name, environment=environment, variants=variants, allow_unknown=True
        )
    return variants_response(toggle, environment)


@routes.route(
    "PUT",
    f"{FEATURE}/variants-batch",
    id="overwriteFeatureVariantsOnEnvironments",
    parameters=(PROJECT, TOGGLE.with_example("checkout-button-colour")),
    body=VariantsBatchBody,
    example={
        "environments": ["development", "production"],
        "variants": [
            {"name": "blue", "weight": 500, "weightType": "variable"},
            {"name": "green", "weight": 500, "weightType": "variable"},
        ],
    },
    answers={200: VariantsJson},
    errors=(BadDataError, MissingError),
)
async def set_variants_in_environments(request: Request) -> Response:
    """Replace the variants of a toggle in several environments.

    Without `variants`, the toggle loses its variants in these environments.
    """
    body = await read_body(request, VariantsBatchBody)
    variants = stored_variants(body.variants, path=("variants",))
    async with request.store.write(request.principal.actor) as work:
        toggle = toggle_of(work.snapshot, request)
        _check_environments(work.snapshot, body.environments)
        for environment in body.environments:
            await configure_toggle(
                work, toggle.name, environment=environment, variants=variants, allow_unknown=True
            )
    return json_response(VariantsJson(variants=complete_variants(variants)))


def _check_environments(snapshot: Snapshot, names: Sequence[str]) -> None:
    problems = Problems()
    for at, name in enumerate(names):
        path = ("environments", str(at))
        if (
            check_known(
                snapshot.environments, name, kind="environment", path=path, problems=problems
            )
            and names.index(name) < at
        ):
            problems.invalid(
                f"The environment '{name}' occurs more than once.",
                rule="environments-unique",
                path=path,
            )
    raise_problems(problems)


def variants_response(toggle: Toggle, environment: str) -> Response:
    """Return a response with the variants of a toggle in an environment."""
    variants = complete_variants(toggle.in_environment(environment).variants)
    return json_response(VariantsJson(variants=variants))
