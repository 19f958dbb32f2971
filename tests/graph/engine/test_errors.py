"""Errors outside of payloads: faults are masked, and an unavailable database is reported."""

import logging
from typing import Any

import pytest
from graphql import GraphQLError

from graph.engine.errors import format_errors
from store import Store
from store.errors import (
    AlreadyExistsError,
    BuiltInError,
    DomainError,
    InUseError,
    InvalidError,
    LimitExceededError,
    NotFoundError,
    RevisionConflictError,
    StoreUnavailableError,
    WrongStateError,
)
from store.operations import toggles
from tests.graph.gateway import Gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

MUTATION = 'mutation { toggleCreate(input: { name: "t" }) { toggle { name } } }'


def raising(error: BaseException) -> Any:
    """Return a replacement for an operation. The replacement raises an error."""

    async def fail(*arguments: Any, **options: Any) -> Any:
        raise error

    return fail


async def test_a_fault_is_masked_and_logged_under_its_incident(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(toggles, "create_toggle", raising(RuntimeError("SELECT secret FROM /etc")))

    response = await shared_gateway.post(MUTATION)

    (error,) = response.json()["errors"]
    (record,) = [item for item in caplog.records if item.levelno == logging.ERROR]
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["path"] == ["toggleCreate"]
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text
    assert error["extensions"]["incident"] in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], RuntimeError)


async def test_a_fault_at_the_edge_is_masked_too(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: Any, **options: Any) -> Any:
        raise RuntimeError("something is wrong with secret")

    monkeypatch.setattr("graph.app.Context.__init__", fail)

    response = await shared_gateway.post("{ viewer { canWrite } }")

    (error,) = response.json()["errors"]
    assert response.status_code == 500
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in response.text
    assert error["extensions"]["incident"] in caplog.text


async def test_a_change_while_the_database_is_away_is_503(
    shared_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        toggles, "create_toggle", raising(StoreUnavailableError("password in an address"))
    )

    response = await shared_gateway.post(MUTATION)

    (error,) = response.json()["errors"]
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["data"] is None
    assert error["extensions"] == {"code": "UNAVAILABLE"}
    assert error["path"] == ["toggleCreate"]
    assert "password" not in response.text


async def test_what_the_snapshot_holds_is_read_while_the_database_is_away(
    shared_gateway: Gateway, own_toggle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Store) -> Any:
        raise StoreUnavailableError("away")

    ask = "query Ask($name: String!) {{ toggle(name: $name) {{ name {} }} }}"
    monkeypatch.setattr(Store, "read", away)

    data = await shared_gateway.run(ask.format("enabled"), {"name": own_toggle})
    response = await shared_gateway.post(
        ask.format("events { nodes { id } }"), {"name": own_toggle}
    )

    assert data == {"toggle": {"name": own_toggle, "enabled": False}}
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


async def test_refusals_are_not_logged(
    shared_gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    await shared_gateway.change("toggleCreate", {"name": "not a name"})
    await shared_gateway.post(MUTATION, token="viewer")
    await shared_gateway.post("{ nothing }")

    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_every_error_of_the_store_has_its_type_in_payloads(
    shared_gateway: Gateway, own_toggle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    toggle = shared_gateway.store.snapshot.toggles[own_toggle]
    raised: list[tuple[DomainError, str]] = [
        (InvalidError("Bad.", rule="r", path=("a", "0")), "InvalidError"),
        (NotFoundError("toggle", "x"), "NotFoundError"),
        (AlreadyExistsError("Taken.", existing=toggle), "AlreadyExistsError"),
        (RevisionConflictError(expected=1, actual=2, current=toggle), "RevisionConflictError"),
        (InUseError("Used.", used_by=[toggle] * 30, count=30), "InUseError"),
        (BuiltInError("Built in."), "OtherUserError"),
        (WrongStateError("Not now."), "OtherUserError"),
        (LimitExceededError("Too many."), "OtherUserError"),
    ]

    for error, type_name in raised:
        monkeypatch.setattr(toggles, "create_toggle", raising(error))
        payload_error = await shared_gateway.refusal("toggleCreate", {"name": "t"})
        assert (payload_error["__typename"], payload_error["code"]) == (type_name, error.code)
        assert (payload_error["message"], payload_error["path"]) == (
            error.message,
            list(error.path),
        )
        if isinstance(error, InUseError):
            assert (len(payload_error["usedBy"]), payload_error["usedByCount"]) == (10, 30)


async def test_formatted_errors_hold_no_objects_of_their_operation() -> None:
    try:
        try:
            raise KeyError("first")
        except KeyError:
            raise RuntimeError("second") from None
    except RuntimeError as second:
        error = GraphQLError("third", original_error=second)
        causes = [error, second, second.__context__]

    format_errors([error])

    assert [cause and cause.__traceback__ for cause in causes] == [None, None, None]
    assert None not in causes
