"""Unleash's engine evaluates imported toggles in the same way as the exporting server."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from yggdrasil_engine.engine import UnleashEngine

from store import Store
from store.model import SYSTEM, ApiTokenType, EnvironmentType
from store.operations.tokens import create_token
from tests.rest_compat.conftest import FEATURES, MakeClient

IMPORT = "/api/admin/state/import"
DATA = Path(__file__).parents[2] / "data"
RECORDED: list[dict[str, Any]] = json.loads(
    (DATA / "unleash-3.17.6-evaluations.json").read_text("utf-8")
)


RECORDED_OF_5: dict[str, list[dict[str, Any]]] = json.loads(
    (DATA / "unleash-5.12.8-evaluations.json").read_text("utf-8")
)


def differences(
    payload: str, recorded_cases: Sequence[dict[str, Any]] = RECORDED
) -> list[tuple[Any, str, Any, Any]]:
    """Return context, toggle, recorded answer and current answer if the answers differ.

    The answer is the variant's name. For a toggle without variants, the answer is whether the
    toggle is on.
    """
    engine = UnleashEngine()
    engine.take_state(payload)
    varied = {
        toggle["name"]
        for toggle in json.loads(payload)["features"]
        if toggle["variants"] or any(strategy.get("variants") for strategy in toggle["strategies"])
    }

    def evaluate(toggle: str, context: dict[str, Any]) -> Any:
        if toggle in varied and (variant := engine.check_variant(toggle, context).variant).enabled:
            return variant.name
        return engine.check_enabled(toggle, context).is_enabled

    return [
        (case["context"], toggle, recorded, answer)
        for case in recorded_cases
        for toggle, recorded in case["results"].items()
        if (answer := evaluate(toggle, case["context"])) != recorded
    ]


def test_the_recording_is_one_of_many_cases_of_all_kinds() -> None:
    answers = [answer for case in RECORDED for answer in case["results"].values()]

    assert len(RECORDED) == 60
    assert len(answers) == 3_217
    assert answers.count(True) > 500
    assert answers.count(False) > 500
    assert sum(isinstance(answer, str) for answer in answers) > 300


async def test_an_imported_state_evaluates_as_recorded(
    admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    file = DATA / "unleash-3.17.6-export.yml"
    answer = await admin.post(IMPORT, files={"file": (file.name, file.read_bytes())})
    assert answer.status_code == 202

    payload = await client.get(FEATURES)

    assert len(payload.json()["features"]) == 54
    assert differences(payload.text) == []


async def test_a_state_that_went_out_and_came_in_again_is_served_as_before(
    admin: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    body = (DATA / "unleash-3.17.6-export.json").read_bytes()
    await admin.post(IMPORT, content=body)
    before = (await client.get(FEATURES)).json()["features"]
    exported = await admin.get("/api/admin/state/export", params={"format": "yaml"})
    await admin.post(IMPORT, params={"drop": "true"}, json={"features": []})
    assert (await client.get(FEATURES)).json()["features"] == []

    answer = await admin.post(IMPORT, files={"file": ("a.yml", exported.content)})

    assert answer.status_code == 202
    assert len(before) == 54
    assert (await client.get(FEATURES)).json()["features"] == before


async def test_a_state_of_version_4_evaluates_as_recorded_in_each_environment(
    store: Store, admin: httpx.AsyncClient, make_client: MakeClient
) -> None:
    answer = await admin.post(
        IMPORT, content=(DATA / "unleash-5.12.8-state-export.json").read_bytes()
    )
    assert (answer.status_code, answer.text) == (202, "Accepted")

    environments = store.snapshot.environments_in_order
    assert [
        (environment.name, environment.type, environment.sort_order) for environment in environments
    ] == [
        ("default", EnvironmentType.PRODUCTION, 1),
        ("development", EnvironmentType.DEVELOPMENT, 2),
        ("production", EnvironmentType.PRODUCTION, 3),
        ("staging", EnvironmentType.PRE_PRODUCTION, 50),
    ]
    for environment, cases in RECORDED_OF_5.items():
        token = await _token_for(store, environment)
        payload = await make_client(token).get(FEATURES, headers={"unleash-client-spec": "5.2.0"})
        assert len(payload.json()["features"]) == 24
        assert sum(len(case["results"]) for case in cases) > 900
        assert differences(payload.text, cases) == []


async def _token_for(store: Store, environment: str) -> str:
    async with store.write(SYSTEM) as work:
        _, secret = await create_token(
            work, name=f"sdk {environment}", type=ApiTokenType.CLIENT, environment=environment
        )
    return secret


async def test_a_difference_is_noticed(admin: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    document = json.loads((DATA / "unleash-3.17.6-export.json").read_bytes())
    for feature in document["features"]:
        feature["enabled"] = not feature["enabled"]
    await admin.post(IMPORT, json=document)

    assert len(differences((await client.get(FEATURES)).text, RECORDED[:20])) > 300
