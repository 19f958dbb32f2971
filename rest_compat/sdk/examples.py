"""Examples of reports in the OpenAPI document. The client API and the frontend API share them."""

REGISTRATION = {
    "appName": "shop-web",
    "instanceId": "web-1",
    "sdkVersion": "unleash-client-node:6.6.0",
    "strategies": ["default", "flexibleRollout", "userWithId"],
    "started": "2026-03-02T08:00:00.000Z",
    "interval": 15_000,
}
METRICS = {
    "appName": "shop-web",
    "instanceId": "web-1",
    "bucket": {
        "start": "2026-03-02T08:00:00.000Z",
        "stop": "2026-03-02T08:01:00.000Z",
        "toggles": {
            "checkout-one-page": {"yes": 120, "no": 80},
            "checkout-button-colour": {"yes": 200, "no": 0, "variants": {"blue": 104, "green": 96}},
        },
    },
}
