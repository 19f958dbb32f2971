"""Random calls of the client API in the form of 3.x SDKs."""

from typing import Any

from tests.differential.admin_calls import MakeCall, filters
from tests.differential.call import Call, json_call
from tests.differential.values import APPLICATIONS, FEATURES, INSTANCES, WRONG_VALUES, Chance, part

CLIENT = "/api/client"
# A bucket with this end or a later end remains in the last minute until the program ends.
_STARTS: tuple[Any, ...] = ("<now-60s>", "<now-600s>")
_STOPS: tuple[Any, ...] = ("<now+600s>", "<now+600s>", "<now+600s in ms>", "<now-600s>")


def list_features(chance: Chance) -> Call:
    """Request the list of toggles with a filter or with the ETag of an earlier answer."""
    operation = f"{CLIENT}/features"
    if chance.happens(0.5):
        return Call(operation, "GET", operation, conditional=True)
    return Call(operation, chance.one_of(("GET", "GET", "HEAD")), operation + filters(chance))


def one_feature(chance: Chance) -> Call:
    """Read one toggle."""
    path = f"{CLIENT}/features/{part(chance.name_of(FEATURES))}"
    return Call(f"{CLIENT}/features/:name", "GET", path)


def register(chance: Chance) -> Call:
    """Register an application."""
    document: dict[str, Any] = {
        "appName": chance.one_of(APPLICATIONS),
        "instanceId": chance.one_of(INSTANCES),
        "strategies": chance.one_of((["default"], [], ["default", 1, None], ["none-such"])),
        "started": chance.one_of(_STARTS),
        "interval": chance.one_of((10, "10", 15000)),
    }
    if chance.happens(0.7):
        document["sdkVersion"] = chance.one_of(("unleash-client-node:3.11.2", "own"))
    return json_call(
        f"{CLIENT}/register",
        "POST",
        f"{CLIENT}/register",
        chance.spoil(document, 0.15),
        reports_usage=True,
    )


def metrics(chance: Chance) -> Call:
    """Report the evaluations of an application."""
    bucket: dict[str, Any] = {
        "start": chance.one_of(_STARTS),
        "stop": chance.one_of(_STOPS),
        "toggles": {name: counts(chance) for name in chance.some_of((*FEATURES, "unknown.x"), 3)},
    }
    document: dict[str, Any] = {
        "appName": chance.one_of(APPLICATIONS),
        "instanceId": chance.one_of(INSTANCES[:2]),
        "bucket": chance.spoil(bucket, 0.08),
    }
    return json_call(
        f"{CLIENT}/metrics",
        "POST",
        f"{CLIENT}/metrics",
        chance.spoil(document, 0.1),
        reports_usage=True,
    )


def counts(chance: Chance) -> Any:
    """Random counts of a toggle: yes, no and variants."""
    made: dict[str, Any] = {"yes": chance.one_of((0, 1, 7)), "no": chance.one_of((0, 2, "3"))}
    if chance.happens(0.3):
        made["variants"] = {chance.one_of(("blue", "disabled")): chance.one_of((1, 4))}
    if chance.happens(0.05):
        return chance.one_of(WRONG_VALUES)
    return chance.spoil(made, 0.08)


WEIGHTS: list[tuple[int, MakeCall]] = [
    (10, list_features),
    (2, one_feature),
    (3, register),
    (4, metrics),
]
