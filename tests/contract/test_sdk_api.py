"""The SDK endpoints answer recorded requests like Unleash 8.2 (rest-v8-client.yaml)."""

from store import Store
from tests.contract.playing import play_recording
from tests.contract.replaying import load_recording

RECORDING = load_recording("rest-v8-client.yaml")


async def test_the_recorded_exchanges_of_sdks_pass(prepared: Store) -> None:
    played = await play_recording(prepared, RECORDING)

    assert played.problems == {}
    assert played.areas == {
        "setup": 29,
        "auth": 20,
        "client-features": 21,
        "register": 16,
        "metrics": 28,
        "bulk-metrics": 9,
        "frontend": 21,
        "not-in-open-source": 3,
        "transport": 10,
    }
