"""The applications of a web shop that use its toggles."""

from flagstaff.demo.installation import DEVELOPMENT, PRODUCTION, DemoApplication
from store.model import DEFAULT_ENVIRONMENT

_BUILT_IN = (
    "applicationHostname",
    "default",
    "flexibleRollout",
    "gradualRolloutRandom",
    "gradualRolloutSessionId",
    "gradualRolloutUserId",
    "remoteAddress",
    "userWithId",
)

APPLICATIONS = (
    DemoApplication(
        name="storefront-web",
        sdk_version="unleash-node-sdk:6.12.1",
        platform_name="node",
        platform_version="22.21.0",
        spec_version="5.2.0",
        strategies=(*_BUILT_IN, "loyaltyTier"),
        instances={PRODUCTION: ("web-1", "web-2", "web-3"), DEVELOPMENT: ("laptop-mira",)},
        calls_per_hour=3600,
        yes_share={
            "account-dark-mode": 1.0,
            "account-passkeys": 0.06,
            "cart-save-for-later": 0.6,
            "chat-with-support": 0.98,
            "checkout-button-colour": 1.0,
            "checkout-one-page": 0.22,
            "delivery-map": 1.0,
            "early-access-sale": 0.08,
            "home-page-layout": 0.8,
            "image-service-webp": 0.9,
            "product-page-3d-view": 0.71,
            "product-page-size-guide": 0.43,
            "product-title-length": 0.5,
            "recommendation-engine": 0.5,
            "recommendations": 1.0,
            "search-by-photo": 0.01,
            "search-cache": 1.0,
            "search-typo-tolerance": 0.75,
            "third-party-scripts": 0.0,
            # The application requests this toggle, but no such toggle exists on the server.
            "wish-list-sharing": 0.0,
        },
    ),
    DemoApplication(
        name="checkout-service",
        sdk_version="unleash-python-sdk:6.9.1",
        platform_name="CPython",
        platform_version="3.13.1",
        spec_version="6.1.0",
        # The server does not define the strategy customerGroup.
        strategies=(*_BUILT_IN, "storeLocation", "customerGroup"),
        instances={PRODUCTION: ("checkout-a", "checkout-b"), DEVELOPMENT: ("ci-runner",)},
        calls_per_hour=900,
        yes_share={
            "checkout-express-pay": 0.12,
            "checkout-one-page": 0.24,
            "delivery-slot-picker": 0.31,
            "free-shipping-threshold": 1.0,
            "gift-cards": 0.64,
            "orders-new-database-reads": 0.0,
            "orders-new-database-writes": 0.25,
            "payment-by-card": 1.0,
            "payment-by-invoice": 0.93,
            "verbose-payment-log": 0.02,
        },
    ),
    DemoApplication(
        name="warehouse-worker",
        # This old SDK does not support all features of this server.
        sdk_version="unleash-client-java:4.4.1",
        platform_name="OpenJDK 64-Bit Server VM",
        platform_version="11.0.25",
        spec_version="4.2.0",
        # The application lacks the strategy storeLocation of one of its toggles.
        strategies=_BUILT_IN,
        # The application reports from only one environment.
        instances={DEFAULT_ENVIRONMENT: ("hall-north", "hall-south")},
        calls_per_hour=240,
        yes_share={
            "delivery-slot-picker": 0.37,
            "orders-new-database-writes": 0.25,
            "warehouse-batch-size": 1.0,
            "warehouse-label-printer": 1.0,
            # This application still evaluates an archived toggle.
            "delivery-by-drone": 0.0,
        },
    ),
)
