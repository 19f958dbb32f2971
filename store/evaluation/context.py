"""What a decision is made for: the context that an SDK passes with its question."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from random import random
from typing import TypeAlias

from msgspec import Struct


class Context(Struct, frozen=True, kw_only=True):
    """The fields of a context, all of them text but the time; None and absent are the same.

    `chance` gives numbers from 0 up to 1 for whatever is left to chance.
    """

    current_time: datetime
    user_id: str | None = None
    session_id: str | None = None
    remote_address: str | None = None
    app_name: str | None = None
    environment: str | None = None
    properties: Mapping[str, str] = {}
    chance: Callable[[], float] = random


DEFAULT_STICKINESS = "default"
RANDOM = "random"

Getter: TypeAlias = Callable[[Context], str | None]


def _time_text(context: Context) -> str:
    return context.current_time.isoformat()


STANDARD_FIELDS: Mapping[str, Getter] = {
    "userId": attrgetter("user_id"),
    "sessionId": attrgetter("session_id"),
    "remoteAddress": attrgetter("remote_address"),
    "appName": attrgetter("app_name"),
    "environment": attrgetter("environment"),
    "currentTime": _time_text,
}


def getter(name: str) -> Getter:
    """What reads the value of a field; all that are not standard are properties."""
    standard = STANDARD_FIELDS.get(name)
    if standard is not None:
        return standard

    def read(context: Context) -> str | None:
        return context.properties.get(name)

    return read


def sticky_getter(stickiness: str) -> Getter:
    """What reads the value to draw from: by default the user or, without one, the session.

    Nothing is read where all is left to chance.
    """
    if stickiness == RANDOM:
        return _nothing
    return _user_or_session if stickiness == DEFAULT_STICKINESS else getter(stickiness)


def _user_or_session(context: Context) -> str | None:
    return context.user_id if context.user_id is not None else context.session_id


def _nothing(_: Context) -> None:
    return None
