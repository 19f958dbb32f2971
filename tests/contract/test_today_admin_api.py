"""Today's admin API answers recorded requests like Unleash 8.2 (rest-v8-admin.yaml)."""

from store import Store
from tests.contract.playing import play_recording, undocumented_differences
from tests.contract.replaying import load_recording

RECORDING = load_recording("rest-v8-admin.yaml")


async def test_the_recorded_exchanges_of_today_s_admin_api_pass(prepared: Store) -> None:
    played = await play_recording(prepared, RECORDING)

    assert played.problems == {}
    assert played.areas == {
        "edge": 6,
        "tokens": 16,
        "context": 19,
        "setup": 9,
        "features": 60,
        "instance": 34,
        "projects": 47,
    }


def test_every_accepted_difference_is_documented() -> None:
    assert undocumented_differences(RECORDING) == []
