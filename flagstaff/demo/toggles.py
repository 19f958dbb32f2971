"""The toggles of a web shop: custom strategies, releases and experiments."""

from flagstaff.demo.installation import (
    DemoContextField,
    DemoSegment,
    DemoStrategy,
    DemoTagType,
    DemoToggle,
    rollout,
    strategy,
    variant,
    when,
)
from store.values import StrategyParameter

STRATEGIES = (
    DemoStrategy(
        "storeLocation",
        "By store",
        "On for orders that are picked up in one of the listed stores.",
        (
            StrategyParameter("storeIds", "list", "The numbers of the stores.", required=True),
            StrategyParameter(
                "includeWarehouses", "boolean", "Whether warehouses count as stores."
            ),
        ),
    ),
    DemoStrategy(
        "loyaltyTier",
        "By loyalty tier",
        "On for members from a tier upwards.",
        (
            StrategyParameter("tier", "string", "silver, gold or platinum.", required=True),
            StrategyParameter("minimumOrders", "number", "Orders in the last twelve months."),
        ),
    ),
    DemoStrategy(
        "couponHolders",
        "By coupon",
        "On for holders of a printed coupon; replaced by constraints.",
        (StrategyParameter("coupons", "list", "The codes."),),
        deprecated=True,
    ),
)

CONTEXT_FIELDS = (
    DemoContextField(
        name="country",
        description="The country of the delivery address.",
        values={
            "AT": "Austria",
            "CH": "Switzerland",
            "DE": "Germany",
            "FR": "France",
            "NL": "Netherlands",
        },
    ),
    DemoContextField(
        name="language", description="The language of the customer, such as `de` or `en-GB`."
    ),
    DemoContextField(
        name="appVersion", description="The version of the shop's mobile application."
    ),
    DemoContextField(name="email", description="The email address of the customer."),
    DemoContextField(name="cartTotal", description="The value of the cart, in euros."),
    DemoContextField(
        name="accountType",
        description="Whether the customer buys for a company.",
        values={"company": "", "private": ""},
    ),
    DemoContextField(
        name="role", description="The role of the person in the back office, such as `buyer`."
    ),
)

TAG_TYPES = (
    DemoTagType(name="team", description="The team that owns the toggle.", color="#1f62b8"),
)

SEGMENTS = (
    DemoSegment(
        name="staff",
        description="People who work for the shop.",
        constraints=(when("email", "STR_ENDS_WITH", "@shop.example", case_insensitive=True),),
    ),
    DemoSegment(
        name="business-customers",
        description="Customers with a company account that is not on trial.",
        constraints=(
            when("accountType", "IN", "company"),
            when("tenant", "NOT_IN", "trial", "press"),
        ),
    ),
)

RELEASES = (
    DemoToggle(
        name="checkout-one-page",
        description="The checkout on a single page instead of four steps.",
        strategies=(
            rollout(100, "checkout", when("userId", "STR_ENDS_WITH", "@shop.example")),
            rollout(35, "checkout", when("country", "IN", "DE", "AT", "CH"), title="German first"),
        ),
        tags=("checkout", "team:purchase"),
        impression_data=True,
    ),
    DemoToggle(
        name="checkout-express-pay",
        description="Pay with one tap from the product page.",
        strategies=(
            rollout(20, "checkout", when("appVersion", "SEMVER_GT", "4.11.0"), stickiness="userId"),
        ),
        tags=("checkout", "mobile"),
    ),
    DemoToggle(
        name="cart-save-for-later",
        description="Customers can save items of the cart for later.",
        strategies=(strategy("gradualRolloutUserId", percentage="60", groupId="cart"),),
        tags=("cart",),
    ),
    DemoToggle(
        name="cart-shared-with-household",
        description="Members of a household see one cart.",
        enabled=False,
        tags=("cart", "team:purchase"),
    ),
    DemoToggle(
        name="search-by-photo",
        description="Find products that look like the one in a picture.",
        strategies=(
            rollout(
                10,
                "search",
                when("appVersion", "SEMVER_EQ", "5.0.0-beta.2"),
                when("language", "STR_STARTS_WITH", "en", "de", case_insensitive=True),
            ),
        ),
        tags=("search", "mobile"),
    ),
    DemoToggle(
        name="search-typo-tolerance",
        description="Find products although a letter of the search term is wrong.",
        strategies=(strategy("gradualRolloutSessionId", percentage="75", groupId="search"),),
        tags=("search",),
    ),
    DemoToggle(
        name="product-page-size-guide",
        description="A size guide next to the size buttons.",
        strategies=(strategy("default", when("category", "IN", "shoes", "trousers", "shirts")),),
        tags=("catalogue",),
    ),
    DemoToggle(
        name="product-page-3d-view",
        description="Turn the product around.",
        strategies=(
            strategy(
                "default",
                when("memoryGb", "NUM_GTE", "4"),
                when("appVersion", "SEMVER_GTE", "4.8.0"),
                when("userAgent", "STR_CONTAINS", "Firefox/52", inverted=True),
            ),
        ),
        tags=("catalogue",),
    ),
    DemoToggle(
        name="delivery-slot-picker",
        description="Customers choose a two-hour slot.",
        project="logistics",
        strategies=(
            strategy("storeLocation", storeIds="104,117,230", includeWarehouses="true"),
            rollout(50, "delivery", when("postalCode", "REGEX", "^(10|12|13|14)[0-9]{3}$")),
        ),
        tags=("delivery",),
    ),
    DemoToggle(
        name="delivery-map",
        description="Where the parcel is, on a map.",
        project="logistics",
        strategies=(rollout(100, "delivery"),),
        tags=("delivery",),
    ),
    DemoToggle(
        name="account-passkeys",
        description="Sign in without a password.",
        strategies=(
            strategy("userWithId", userIds="ines,jonas,mira,qa-1,qa-2", title="Staff"),
            rollout(5, "account", stickiness="userId"),
        ),
        tags=("account", "security"),
    ),
    DemoToggle(
        name="account-dark-mode",
        description="Light text on a dark background.",
        strategies=(rollout(100, "account"),),
        tags=("account",),
    ),
    DemoToggle(
        name="gift-cards",
        description="Sell and accept gift cards.",
        strategies=(
            strategy(
                "default",
                when("currentTime", "DATE_AFTER", "2026-11-01T00:00:00Z"),
                when("cartTotal", "NUM_GT", "10"),
            ),
        ),
        tags=("checkout",),
    ),
    DemoToggle(
        name="reviews-with-pictures",
        description="Customers add pictures to their reviews.",
        enabled=False,
        in_development=False,
        tags=("catalogue",),
    ),
)

EXPERIMENTS = (
    DemoToggle(
        name="checkout-button-colour",
        type="experiment",
        description="Which colour of the button sells best?",
        strategies=(rollout(100, "checkout-button", stickiness="sessionId"),),
        variants=(
            variant("green", 334, ("string", "#2e7d32"), stickiness="sessionId"),
            variant("blue", 333, ("string", "#1565c0"), stickiness="sessionId"),
            variant("orange", 333, ("string", "#ef6c00"), stickiness="sessionId"),
        ),
        impression_data=True,
        tags=("checkout",),
    ),
    DemoToggle(
        name="free-shipping-threshold",
        type="experiment",
        description="The order value from which shipping is free.",
        variants=(
            variant("from-29", 100, ("number", "29"), fixed=True),
            variant("from-39", 450, ("number", "39")),
            variant("from-49", 450, ("number", "49"), users=("qa-1",)),
        ),
        impression_data=True,
        tags=("checkout", "pricing"),
    ),
    DemoToggle(
        name="home-page-layout",
        type="experiment",
        description="The order of blocks on the home page.",
        strategies=(rollout(80, "home", stickiness="sessionId"),),
        variants=(
            variant("bestsellers", 500, ("json", '{"blocks": ["bestsellers", "news", "brands"]}')),
            variant(
                "for-you",
                500,
                ("json", '{"blocks": ["for-you", "bestsellers"], "maxAgeS": 300}'),
                users=("ines", "jonas"),
            ),
        ),
        tags=("home",),
    ),
    DemoToggle(
        name="recommendation-engine",
        type="experiment",
        description="Which engine recommends products.",
        strategies=(rollout(50, "recommendations", stickiness="userId"),),
        variants=(
            variant("neighbours", 700, stickiness="userId"),
            variant("embeddings", 300, fixed=True, stickiness="userId"),
        ),
        tags=("catalogue", "recommendations"),
    ),
    DemoToggle(
        name="newsletter-teaser",
        type="experiment",
        description="How the newsletter is offered.",
        enabled=False,
        variants=(
            variant("footer", 500, ("csv", "footer,once")),
            variant("banner", 500, ("csv", "banner,daily")),
        ),
        tags=("home",),
    ),
    DemoToggle(
        name="product-title-length",
        type="experiment",
        description="Short or long titles in lists.",
        strategies=(strategy("gradualRolloutRandom", percentage="50"),),
        variants=(
            variant("short", 500, ("number", "40"), stickiness="random"),
            variant("long", 500, ("number", "80"), stickiness="random"),
        ),
        tags=("catalogue",),
    ),
)
