"""Fill an Unleash server through its own admin API."""

from collections.abc import Collection, Mapping
from typing import Any

import httpx

from tests.unleash_servers.installation import (
    ENVIRONMENTS,
    SEGMENTS,
    STRATEGIES,
    Toggle,
    toggles,
)
from tests.unleash_servers.servers import ADMIN

_PROJECT = "/api/admin/projects/default"
_TAG_TYPE = {"name": "team", "description": "The team.", "icon": "T"}
_FIELD = {"name": "plan", "description": "The plan."}
_LEGAL_VALUES = ("free", "pro")
_NOT_THERE = 404


class Filler:
    """Sends requests, and notes what the version does not have."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, headers={"authorization": ADMIN}, timeout=60)
        self.lacking: set[str] = set()

    def send(self, method: str, path: str, body: Any = None, *, optional: str = "") -> Any:
        """Send a request and return the body of the answer, or None if there is none.

        If the version does not have the path, and the feature `optional` is not empty, note it.
        """
        answer = self.client.request(method, path, json={} if body is None else body)
        if optional and answer.status_code == _NOT_THERE:
            self.lacking.add(optional)
            return None
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.text.startswith(("{", "[")) else None

    def has(self, method: str, path: str, body: Any) -> bool:
        """Send a request, and return whether the version accepts such requests."""
        answer = self.client.request(method, path, json=body)
        assert answer.is_success or answer.status_code == httpx.codes.FORBIDDEN, answer.text
        return answer.is_success


def fill_server(url: str, *, is_old: bool) -> Collection[str]:
    """Fill a server with all toggles and reports; return what its version does not have."""
    filler = Filler(url)
    values = [value if is_old else {"value": value} for value in _LEGAL_VALUES]
    filler.send("POST", "/api/admin/context", _FIELD | {"legalValues": values})
    for name in ("country", "email", "age", "appVersion"):
        # Some versions refuse constraints on unknown fields.
        filler.send("POST", "/api/admin/context", {"name": name, "legalValues": []})
    filler.send("POST", "/api/admin/tag-types", _TAG_TYPE)
    listed = filler.client.get("/api/admin/strategies").json()["strategies"]
    for strategy in STRATEGIES:
        if all(strategy["name"] != each["name"] for each in listed):
            filler.send("POST", "/api/admin/strategies", strategy | {"description": "Custom."})
    found = toggles(is_old=is_old)
    if is_old:
        for toggle in found:
            _create_old(filler, toggle)
    else:
        ids = _create_segments(filler)
        for number, toggle in enumerate(found):
            _create(filler, toggle, number, ids)
    for toggle in found:
        if toggle.tag is not None:
            tag = {"type": "team", "value": toggle.tag}
            filler.send("POST", f"/api/admin/features/{toggle.name}/tags", tag)
    if not is_old:
        for toggle in found:
            if toggle.parent is not None:
                _depend(filler, toggle.name, toggle.parent)
    for toggle in found:
        if toggle.archived:
            base = "/api/admin" if is_old else _PROJECT
            filler.send("DELETE", f"{base}/features/{toggle.name}")
    return filler.lacking


def create_tokens(url: str) -> Mapping[str, str]:
    """Create a client token for each environment; return the secrets."""
    filler = Filler(url)
    secrets: dict[str, str] = {}
    for environment in ENVIRONMENTS:
        body: dict[str, Any] = {
            "username": environment,
            "tokenName": environment,
            "type": "client",
            "environment": environment,
            "projects": ["default"],
        }
        answer = filler.client.post("/api/admin/api-tokens", json=body)
        if answer.status_code == httpx.codes.BAD_REQUEST:
            del body["username"]
            answer = filler.client.post("/api/admin/api-tokens", json=body)
        assert answer.is_success, answer.text
        secrets[environment] = answer.json()["secret"]
    return secrets


def report_usage(url: str, secret: str | None) -> None:
    """Register an application, and report counts, as SDKs do."""
    headers = {} if secret is None else {"authorization": secret}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        registration = {
            "appName": "shop",
            "instanceId": "shop-1",
            "sdkVersion": "unleash-client-node:6.1.0",
            "strategies": ["default", "country"],
            "started": "2026-11-30T00:00:00.000Z",
            "interval": 10_000,
        }
        counts = {"yes": 3, "no": 1, "variants": {"blue": 2}}
        metrics = {
            "appName": "shop",
            "instanceId": "shop-1",
            "bucket": {
                "start": "2026-11-30T00:00:00.000Z",
                "stop": "2026-11-30T00:01:00.000Z",
                "toggles": {"checkout.new-flow": counts, "checkout.retry": counts},
            },
        }
        for path, body in (("register", registration), ("metrics", metrics)):
            answer = client.post(f"/api/client/{path}", json=body)
            assert answer.is_success, answer.text


def _create_old(filler: Filler, toggle: Toggle) -> None:
    body = {
        "name": toggle.name,
        "type": toggle.type,
        "description": toggle.description,
        "enabled": toggle.enabled[0],
        "stale": toggle.stale,
        "strategies": toggle.strategies,
        "variants": toggle.variants,
    }
    filler.send("POST", "/api/admin/features", body)
    # Each toggle has several events.
    filler.send("PUT", f"/api/admin/features/{toggle.name}", body | {"description": "Changed."})
    filler.send("POST", f"/api/admin/features/{toggle.name}/toggle/off")
    filler.send("PUT", f"/api/admin/features/{toggle.name}", body)


def _create_segments(filler: Filler) -> list[int]:
    ids: list[int] = []
    for segment in SEGMENTS:
        made = filler.send("POST", "/api/admin/segments", segment, optional="segments")
        if made is not None:
            ids.append(made["id"])
    return ids


def _create(filler: Filler, toggle: Toggle, number: int, segments: list[int]) -> None:
    path = f"{_PROJECT}/features/{toggle.name}"
    body = {
        "name": toggle.name,
        "type": toggle.type,
        "description": toggle.description,
        "impressionData": toggle.impression_data,
    }
    filler.send("POST", f"{_PROJECT}/features", body)
    for environment, enabled in zip(ENVIRONMENTS, toggle.enabled, strict=True):
        at = f"{path}/environments/{environment}"
        variants: list[dict[str, Any]] = []
        if toggle.variants and not filler.has("PUT", f"{at}/variants", toggle.variants):
            # Late versions have variants of strategies only, which have no overrides.
            variants = [
                {key: value for key, value in variant.items() if key != "overrides"}
                for variant in toggle.variants
            ]
        for position, strategy in enumerate(toggle.strategies):
            extra: dict[str, Any] = {"sortOrder": position}
            if segments and (number + position) % 4 == 1:
                extra["segments"] = [segments[number % len(segments)]]
            if variants:
                extra["variants"] = variants
            filler.send("POST", f"{at}/strategies", strategy | extra)
        if enabled:
            filler.send("POST", f"{at}/on")
    if toggle.stale:
        stale = [{"op": "replace", "path": "/stale", "value": True}]
        filler.send("PATCH", path, stale)


def _depend(filler: Filler, child: str, parent: str) -> None:
    filler.send(
        "POST",
        f"{_PROJECT}/features/{child}/dependencies",
        {"feature": parent, "enabled": True},
        optional="dependencies",
    )
