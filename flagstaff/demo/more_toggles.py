"""The toggles of a web shop: operations, kill switches, permissions, and archived toggles."""

from flagstaff.demo.installation import DemoToggle, rollout, strategy, variant, when

OPERATIONS = (
    DemoToggle(
        name="orders-new-database-writes",
        type="operational",
        description="Write orders to the new database, too.",
        strategies=(strategy("gradualRolloutRandom", percentage="25"),),
        tags=("orders", "migration"),
    ),
    DemoToggle(
        name="orders-new-database-reads",
        type="operational",
        description="Read orders from the new database.",
        enabled=False,
        tags=("orders", "migration"),
    ),
    DemoToggle(
        name="search-cache",
        type="operational",
        description="Keep the results of frequent searches for a minute.",
        strategies=(strategy("applicationHostname", hostNames="web-1,web-2,web-3"),),
        tags=("search",),
    ),
    DemoToggle(
        name="warehouse-batch-size",
        type="operational",
        description="How many orders are printed at once.",
        project="logistics",
        variants=(variant("twenty", 1000, ("number", "20")),),
        tags=("warehouse",),
    ),
    DemoToggle(
        name="image-service-webp",
        type="operational",
        description="Deliver pictures as WebP.",
        strategies=(rollout(90, "images", stickiness="random"),),
        tags=("catalogue",),
    ),
    DemoToggle(
        name="verbose-payment-log",
        type="operational",
        description="Log every step of a payment, for the office network only.",
        strategies=(strategy("remoteAddress", IPs="10.20.0.0/16,192.0.2.17"),),
        tags=("payment",),
    ),
)

KILL_SWITCHES = (
    DemoToggle(
        name="payment-by-invoice",
        type="kill-switch",
        description="Off when the credit check does not answer.",
        strategies=(strategy("default", when("cartTotal", "NUM_LT", "1500")),),
        tags=("payment",),
    ),
    DemoToggle(
        name="payment-by-card",
        type="kill-switch",
        description="Off when the card acquirer is down.",
        tags=("payment",),
    ),
    DemoToggle(
        name="recommendations",
        type="kill-switch",
        description="All calls of the recommendation service.",
        tags=("recommendations",),
    ),
    DemoToggle(
        name="chat-with-support",
        type="kill-switch",
        description="The chat window; off when support is closed.",
        strategies=(
            strategy(
                "default",
                when("currentTime", "DATE_BEFORE", "2027-12-24T14:00:00Z"),
                when("remoteAddress", "IN_CIDR", "203.0.113.0/24", inverted=True),
            ),
        ),
        tags=("support",),
    ),
    DemoToggle(
        name="third-party-scripts",
        type="kill-switch",
        description="Scripts of advertising partners.",
        enabled=False,
        in_development=False,
        tags=("home", "security"),
    ),
    DemoToggle(
        name="warehouse-label-printer",
        type="kill-switch",
        description="Stops all label printers at once.",
        project="logistics",
        tags=("warehouse",),
    ),
)

PERMISSIONS = (
    DemoToggle(
        name="price-editor",
        type="permission",
        description="Change prices in the back office.",
        strategies=(
            strategy("userWithId", userIds="mira,tom"),
            strategy("default", when("role", "IN", "buyer", "head-of-purchase")),
        ),
        tags=("back-office", "pricing"),
    ),
    DemoToggle(
        name="refunds-without-approval",
        type="permission",
        description="Refund payments without a second person's approval.",
        strategies=(
            strategy(
                "default",
                when("role", "IN", "support-lead"),
                when("amount", "NUM_LTE", "50"),
            ),
        ),
        tags=("back-office", "support"),
    ),
    DemoToggle(
        name="early-access-sale",
        type="permission",
        description="Open the sale one day early.",
        strategies=(strategy("loyaltyTier", tier="gold", minimumOrders="5"),),
        tags=("pricing",),
    ),
    DemoToggle(
        name="order-export",
        type="permission",
        description="Download orders as a table.",
        segments=("business-customers",),
        strategies=(
            strategy("default"),
            strategy("couponHolders", coupons="EXPORT24", disabled=True, title="Kept for later"),
        ),
        tags=("back-office", "orders"),
    ),
    DemoToggle(
        name="beta-programme",
        type="permission",
        description="Access to features that are in beta.",
        segments=("staff",),
        strategies=(
            strategy(
                "default", when("appVersion", "SEMVER_LT", "6.0.0"), when("beta", "IN", "yes")
            ),
            strategy("default", when("memberSince", "NUM_EQ", "2019"), title="The first year"),
        ),
        tags=("account",),
    ),
)

ARCHIVED = (
    DemoToggle(
        name="checkout-four-steps",
        type="sunset",
        description="The old checkout in four steps, for old versions of the app.",
        strategies=(strategy("default", when("appVersion", "SEMVER_LTE", "4.9.9")),),
        stale=True,
        archived=True,
        tags=("checkout",),
    ),
    DemoToggle(
        name="black-friday-banner",
        type="operational",
        description="A banner, for one weekend.",
        strategies=(
            strategy("default", when("currentTime", "DATE_BEFORE", "2025-12-01T00:00:00Z")),
        ),
        archived=True,
        tags=("home",),
    ),
    DemoToggle(
        name="search-ranking-by-margin",
        type="experiment",
        description="Rank search results by margin; it lost the experiment.",
        variants=(variant("margin", 500), variant("relevance", 500)),
        archived=True,
        tags=("search", "pricing"),
    ),
    DemoToggle(
        name="delivery-by-drone",
        description="An idea from the summer party.",
        enabled=False,
        in_development=False,
        archived=True,
        tags=("delivery",),
    ),
)
