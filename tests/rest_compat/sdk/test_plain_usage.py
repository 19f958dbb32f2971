"""The fast parser for usual reports returns the same result as the parser for all reports."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from rest_compat.http.decoding import decode_json
from rest_compat.http.errors import ValidationError
from rest_compat.sdk.bodies import Origin, usage_of
from rest_compat.sdk.plain_usage import plain_usage_of
from store.usage.reports import encode_report

ORIGIN = Origin(
    environment="prod",
    received_at=datetime(2026, 1, 1, tzinfo=UTC),
    client_ip="10.0.0.1",
    sdk_version="sdk:1",
    connection_id="c",
    spec_version="5.2.0",
    interval_ms=60_000,
)
BUCKET: dict[str, Any] = {
    "start": "2026-01-01T00:00:00.000Z",
    "stop": "2026-01-01T02:01:00.000+02:00",
    "toggles": {
        "a": {"yes": 1, "no": 2, "variants": {}},
        "b": {"yes": 2**40, "variants": {"red": 3, "disabled": 4}},
        "c" * 255: {},
    },
}
DESCRIPTION = {
    "sdkVersion": "s:2",
    "connectionId": "d",
    "platformName": "node",
    "platformVersion": "22",
}


def body(**fields: Any) -> bytes:
    return msgspec.json.encode({"appName": "shop", "bucket": BUCKET, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"instanceId": "one"},
        {"instanceId": ""},
        {"instanceId": None, "sdkVersion": ""},
        {**DESCRIPTION, "yggdrasilVersion": None, "specVersion": "6.0.0", "environment": "other"},
    ],
)
def test_a_usual_body_is_read_alike_in_one_step(fields: dict[str, Any]) -> None:
    sent = body(**fields)

    plain = plain_usage_of(sent, ORIGIN, receipt="r")

    assert plain is not None
    assert encode_report(plain) == encode_report(usage_of(decode_json(sent), ORIGIN, receipt="r"))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{}",
        b"[]",
        b"{",
        body(appName="caf\u00e9"),
        body(appName="a\x00"),
        body(appName="a\x7f"),
        body(appName=""),
        body(appName="x" * 256),
        body(instanceId=5),
        body(sdkVersion="x" * 300),
        body(impactMetrics=[]),
        body(bucket=None),
        body(bucket={**BUCKET, "stop": 1_767_225_600_000}),
        body(bucket={**BUCKET, "toggles": {"": {"yes": 1}}}),
        body(bucket={**BUCKET, "toggles": {"x" * 256: {"yes": 1}}}),
        *(
            body(bucket={**BUCKET, "toggles": {"a": counts}})
            for counts in ({"yes": 1.0}, {"yes": "1"}, {"yes": None}, {"yes": -1}, {"yes": 2**41})
        ),
        body(bucket={**BUCKET, "toggles": {"a": {"variants": None}}}),
        body(
            bucket={
                **BUCKET,
                "toggles": {"a": {"variants": {f"{number}": 1 for number in range(501)}}},
            }
        ),
        body(bucket={**BUCKET, "toggles": {"a": {"more": 1}}}),
    ],
)
def test_what_is_unusual_is_left_to_be_read_with_care(sent: bytes) -> None:
    assert plain_usage_of(sent, ORIGIN, receipt="r") is None


@pytest.mark.parametrize("time", ["start", "stop"])
def test_a_time_that_cannot_be_read_is_refused_with_its_path(time: str) -> None:
    with pytest.raises(ValidationError) as caught:
        plain_usage_of(body(bucket={**BUCKET, time: "now"}), ORIGIN, receipt="r")

    assert [detail.path for detail in caught.value.details] == [f"/body/bucket/{time}"]
