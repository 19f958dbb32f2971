"""The history of the example: the changes that people made, and the changes that are scheduled."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct

from flagstaff.demo.installation import DEVELOPMENT, PRODUCTION
from store.scheduled_changes import RolloutStep

# The age of the toggles. Operational toggles are expected to live for a shorter time.
AGE = timedelta(days=30)


class DemoChangeSet(Struct, frozen=True, kw_only=True):
    """Changes that a person made together. `changes` has the form of the GraphQL `ChangeInput`s."""

    ago: timedelta
    person: str
    comment: str
    changes: tuple[Mapping[str, Any], ...]


class DemoRollout(Struct, frozen=True, kw_only=True):
    """A rollout of the first strategy of a toggle that is scheduled in steps."""

    person: str
    comment: str
    toggle: str
    environment: str
    steps: tuple[RolloutStep, ...]
    begins_in: timedelta


def _switch(name: str, enabled: bool, environment: str = PRODUCTION) -> Mapping[str, Any]:
    return {"toggleSetEnabled": {"name": name, "environment": environment, "enabled": enabled}}


def _rollout(name: str, percentage: int, group: str, environment: str) -> Mapping[str, Any]:
    parameters = {"rollout": str(percentage), "stickiness": "userId", "groupId": group}
    strategy = {
        "name": "flexibleRollout",
        "parameters": [{"name": key, "value": value} for key, value in parameters.items()],
    }
    changed = {"name": name, "environment": environment, "strategies": [strategy]}
    return {"toggleConfigure": changed}


HISTORY = (
    DemoChangeSet(
        ago=timedelta(days=24, hours=3),
        person="mira",
        comment="Express pay needs the new checkout",
        changes=(
            {
                "toggleSetDependencies": {
                    "name": "checkout-express-pay",
                    "dependencies": [{"toggle": "checkout-one-page"}],
                }
            },
        ),
    ),
    DemoChangeSet(
        ago=timedelta(days=17, hours=5),
        person="tom",
        comment="SHOP-1204: half of the customers",
        changes=(_rollout("recommendation-engine", 25, "recommendations", PRODUCTION),),
    ),
    DemoChangeSet(
        ago=timedelta(days=12, hours=2),
        person="tom",
        comment="Card acquirer is down",
        changes=(_switch("payment-by-card", False),),
    ),
    DemoChangeSet(
        ago=timedelta(days=12, hours=1),
        person="mira",
        comment="Card acquirer is back",
        changes=(_switch("payment-by-card", True),),
    ),
    DemoChangeSet(
        ago=timedelta(days=9, hours=6),
        person="mira",
        comment="No complaints for a week",
        changes=(
            _rollout("recommendation-engine", 50, "recommendations", PRODUCTION),
            {
                "toggleUpdate": {
                    "name": "recommendation-engine",
                    "description": "Which engine recommends products: neighbours or embeddings.",
                }
            },
        ),
    ),
    DemoChangeSet(
        ago=timedelta(days=4, hours=7),
        person="tom",
        comment="Try pictures in reviews with the staff first",
        changes=(
            {
                "toggleConfigure": {
                    "name": "reviews-with-pictures",
                    "environment": DEVELOPMENT,
                    "enabled": True,
                    "strategies": [
                        {
                            "name": "userWithId",
                            "title": "Staff",
                            "parameters": [{"name": "userIds", "value": "ines,jonas,mira"}],
                        },
                        {
                            "name": "default",
                            "title": "New applications",
                            "constraints": [
                                {
                                    "contextName": "appVersion",
                                    "operator": "SEMVER_GT",
                                    "values": ["5.0.0"],
                                }
                            ],
                        },
                    ],
                }
            },
        ),
    ),
    DemoChangeSet(
        ago=timedelta(days=1, hours=4),
        person="mira",
        comment="The code no longer needs these",
        changes=(
            {"toggleUpdate": {"name": "delivery-map", "stale": True}},
            {"toggleUpdate": {"name": "account-dark-mode", "stale": True}},
            {"toggleUpdate": {"name": "product-title-length", "stale": True}},
        ),
    ),
    DemoChangeSet(
        ago=timedelta(hours=2),
        person="tom",
        comment="Fewer experiments during the sale",
        changes=(
            _switch("home-page-layout", False),
            _switch("recommendation-engine", False),
            _switch("free-shipping-threshold", False),
        ),
    ),
)

# Scheduled for tomorrow.
SCHEDULED = DemoChangeSet(
    ago=timedelta(days=-1),
    person="mira",
    comment="The sale ends",
    changes=(_switch("home-page-layout", True), _switch("early-access-sale", False)),
)

ROLLOUT = DemoRollout(
    person="tom",
    comment="SHOP-1310: express pay for everybody",
    toggle="checkout-express-pay",
    environment=PRODUCTION,
    begins_in=timedelta(days=2),
    steps=(
        RolloutStep(rollout=40),
        RolloutStep(rollout=70, after_minutes=3 * 24 * 60),
        RolloutStep(rollout=100, after_minutes=3 * 24 * 60),
    ),
)
