"""Create the objects that the example requests of the OpenAPI document need.

Objects that examples create do not exist yet. No example uses an object that another example
removes. Therefore all examples can run once in any order.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from msgspec import UNSET

from store import Store
from store.model import (
    DEFAULT_ENVIRONMENT,
    SYSTEM,
    ApiTokenType,
    EnvironmentType,
    WebhookFormat,
)
from store.operations.context_fields import create_context_field
from store.operations.dependencies import set_dependencies
from store.operations.environments import create_environment
from store.operations.fields import (
    ContextFieldFields,
    SegmentFields,
    StrategyFields,
    TagTypeFields,
    ToggleFields,
    WebhookFields,
)
from store.operations.inputs import StrategySpec
from store.operations.projects import create_project
from store.operations.segments import create_segment
from store.operations.strategies import create_strategy
from store.operations.tag_types import create_tag_type
from store.operations.tags import change_tags, create_tag
from store.operations.toggle_environments import configure_toggle
from store.operations.toggles import archive_toggle, create_toggle
from store.operations.tokens import create_token
from store.operations.webhooks import create_webhook
from store.unit_of_work import UnitOfWork
from store.usage.reports import ToggleCounts
from store.values import (
    Constraint,
    Dependency,
    LegalValue,
    StrategyParameter,
    Tag,
    Variant,
    VariantPayload,
)
from tests.store.usage.reporting import registration_report, usage_report

PRODUCTION = "production"
# Maps security schemes of the document to tokens.
TOKENS: Mapping[str, str] = {
    "adminToken": "*:*.admin-secret-of-the-examples",
    "viewerToken": "*:*.viewer-secret-of-the-examples",
    "clientToken": "*:production.client-secret-of-the-examples",
    "frontendToken": "*:production.frontend-secret-of-the-examples",
}
# Examples revoke these tokens.
OLD_TOKENS = (
    "default:development.7d1f3c5b9a8e4d2c6b0f1e3a",
    "default:production.8e2f4a6c0b1d3e5f7a9c8b2d",
)
# Maps toggles to their strategies in production.
STRATEGY_IDS = {
    "checkout-one-page": "b4c1f2a0-6b0e-4d6e-9f4a-2f7f0a5d1c11",
    "search-by-photo": "6d0f1c52-7a4b-4f0e-8c5d-0b9a3e7f2d44",
    "store-finder": "0e5b7c31-9d2a-4c8f-b6e1-5a3f8d9c7b22",
}

_ROLLOUT = StrategySpec(
    name="flexibleRollout",
    title="A third of all",
    parameters={"rollout": "35", "stickiness": "default", "groupId": "checkout"},
    constraints=(Constraint("country", "IN", values=("DE", "AT", "CH")),),
    segments=(1,),
)
_EVERYBODY = StrategySpec(
    name="flexibleRollout",
    parameters={"rollout": "100", "stickiness": "default", "groupId": "colour"},
)
_VARIANTS = tuple(
    Variant(name, 500, "variable", "default", VariantPayload("string", colour))
    for name, colour in (("blue", "#1f6feb"), ("green", "#2da44e"))
)
_TOGGLES = {
    "checkout-one-page": "The checkout on a single page instead of four steps.",
    "cart-save-for-later": "Customers can save items of the cart for later.",
    "checkout-express-pay": "Pay with one tap from the product page.",
    "search-by-photo": "Find products that look like the one in a picture.",
    "delivery-map": "Where the parcel is, on a map.",
    "product-page-3d-view": "Turn the product around.",
    "newsletter-popup": "Ask visitors to subscribe.",
    "newsletter-banner": "Ask visitors to subscribe, at the top of the page.",
    "newsletter-footer": "Ask visitors to subscribe, at the end of the page.",
    "newsletter-sidebar": "Ask visitors to subscribe, beside the page.",
    "store-finder": "The stores nearby, on a map.",
    "size-advisor": "Suggest a size from earlier orders.",
    "gift-wrapping": "Customers can keep a list of products.",
}
# Examples revive and delete these toggles.
_ARCHIVED = ("newsletter-popup", "newsletter-banner", "newsletter-footer", "newsletter-sidebar")


async def fill(store: Store) -> None:
    """Create all objects that the examples use. The installation must be empty."""
    async with store.write(SYSTEM) as work:
        await create_environment(work, name="development", type=EnvironmentType.DEVELOPMENT)
        await create_environment(work, name=PRODUCTION, type=EnvironmentType.PRODUCTION)
        await create_environment(work, name="former-stage")
        for name in ("shop", "former-shop"):
            await create_project(work, name=name)
    async with store.write(SYSTEM) as work:
        for scheme, secret in TOKENS.items():
            type = scheme.removesuffix("Token")
            await _add_token(work, f"shop-{type}", ApiTokenType(type), secret)
        for secret in OLD_TOKENS:
            await _add_token(work, "former-shop", ApiTokenType.CLIENT, secret)
        await _add_reference_data(work)
    async with store.write(SYSTEM) as work:
        await _add_toggles(work)
    await _report_usage(store)


async def _add_token(work: UnitOfWork, name: str, type: ApiTokenType, secret: str) -> None:
    project, _, rest = secret.partition(":")
    environment = rest.partition(".")[0]
    await create_token(
        work,
        name=name,
        type=type,
        environment=None if environment == "*" else environment,
        projects=() if project == "*" else (project,),
        secret=secret,
    )


async def _add_reference_data(work: UnitOfWork) -> None:
    stores = StrategyParameter("storeIds", "list", "The numbers of the stores.", required=True)
    for name, description, parameters in (
        ("storeLocation", "On for orders that are picked up in a listed store.", (stores,)),
        ("loyaltyTier", "On for members from a tier upwards.", ()),
        ("couponHolders", "On for holders of a printed coupon.", ()),
    ):
        fields = StrategyFields(description=description, parameters=parameters)
        await create_strategy(work, name=name, fields=fields)
    testers = Constraint("userId", "IN", values=("7", "42"))
    for name in ("beta-testers", "former-testers"):
        fields = SegmentFields(description="Customers who try new things.", constraints=(testers,))
        await create_segment(work, name=name, fields=fields)
    for name, values in (("country", ("AT", "CH", "DE")), ("plan", ())):
        legal_values = tuple(map(LegalValue, values))
        fields = ContextFieldFields(description=f"The {name}.", legal_values=legal_values)
        await create_context_field(work, name=name, fields=fields)
    for name in ("team", "priority"):
        await create_tag_type(work, name=name, fields=TagTypeFields(description=f"The {name}."))
    for value in ("checkout", "obsolete"):
        await create_tag(work, Tag("simple", value))
    for name in ("deployment", "former chat"):
        fields = WebhookFields(
            name=name,
            description=f"Tells the {name} about new toggles.",
            receiver_url="https://receiver.example.com/events",
            format=WebhookFormat.UNLEASH,
            event_types=("feature-created",),
            enabled=False,
        )
        await create_webhook(work, fields)


async def _add_toggles(work: UnitOfWork) -> None:
    for name, description in _TOGGLES.items():
        await _add_toggle(work, name, description, _ROLLOUT)
    await _add_toggle(
        work, "checkout-button-colour", "Which colour sells more.", _EVERYBODY, _VARIANTS
    )
    await change_tags(work, "checkout-one-page", add=[Tag("simple", "checkout")])
    for name in ("checkout-express-pay", "search-by-photo"):
        await set_dependencies(work, name, [Dependency("cart-save-for-later", True, ())])
    for name in _ARCHIVED:
        await archive_toggle(work, name)


async def _add_toggle(
    work: UnitOfWork,
    name: str,
    description: str,
    strategy: StrategySpec,
    variants: Iterable[Variant] = (),
) -> None:
    fields = ToggleFields(description=description, impression_data=True)
    await create_toggle(work, name=name, fields=fields, enabled=True, strategies=[strategy])
    random_id = work._new_id
    if name in STRATEGY_IDS:
        work._new_id = lambda: STRATEGY_IDS[name]
    await configure_toggle(
        work,
        name,
        environment=PRODUCTION,
        enabled=True,
        strategies=[strategy],
        variants=tuple(variants) or UNSET,
    )
    work._new_id = random_id


async def _report_usage(store: Store) -> None:
    now = store.clock()
    for environment in (DEFAULT_ENVIRONMENT, PRODUCTION):
        for app_name in ("shop-web", "shop-legacy"):
            await store.journal.add(
                registration_report(
                    app_name=app_name,
                    instance_id="web-1",
                    environment=environment,
                    received_at=now,
                ),
                usage_report(
                    {"checkout-one-page": ToggleCounts(120, 80)},
                    app_name=app_name,
                    instance_id="web-1",
                    environment=environment,
                    received_at=now,
                    stop=now - timedelta(seconds=5),
                ),
            )
    await store.aggregate_now()
