"""A poll without changes, the most frequent request, enters few files and functions."""

import sys
from types import FrameType

import httpx

from tests.rest_compat.conftest import FEATURES
from tests.server import ROOT

PACKAGES = tuple(f"{ROOT / name}/" for name in ("rest_compat", "store"))
MAX_FILES = 15
MAX_CALLS = 32


async def test_a_poll_without_news_enters_few_files_and_functions(
    client: httpx.AsyncClient,
) -> None:
    tag = (await client.get(FEATURES)).headers["etag"]
    entered: list[str] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(PACKAGES):
            entered.append(name)

    sys.setprofile(note)
    try:
        answer = await client.get(FEATURES, headers={"If-None-Match": tag})
    finally:
        sys.setprofile(None)

    assert answer.status_code == 304
    assert len(set(entered)) <= MAX_FILES, sorted(set(entered))
    assert len(entered) <= MAX_CALLS, entered
