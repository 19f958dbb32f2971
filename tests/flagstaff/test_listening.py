"""A server reserves its address at once, but listens only when it can answer."""

import pytest

from flagstaff.listening import AddressError, bind
from flagstaff.server import _Server, configure_uvicorn
from flagstaff.settings import Settings
from tests.flagstaff.protocol.connections import connected


def server() -> _Server:
    async def answer(_scope: object, _receive: object, _send: object) -> None: ...

    config = configure_uvicorn(answer, Settings())
    starting = _Server(config, drain_s=0, drain=lambda: None, end_streams=lambda: None)
    # uvicorn does this before the start.
    config.load()
    starting.lifespan = config.lifespan_class(config)
    return starting


async def test_connections_are_refused_until_the_server_can_answer(no_settings: None) -> None:
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConnectionRefusedError):
            connected(port)

        starting = server()
        await starting.startup([listener])

        connected(port).close()
        await starting.shutdown([listener])


async def test_one_of_two_servers_that_start_at_the_same_address_says_so(no_settings: None) -> None:
    with bind("127.0.0.1", 0) as first, bind("127.0.0.1", first.getsockname()[1]) as second:
        first.listen()
        with pytest.raises(
            AddressError, match=r"Port \d+ on 127.0.0.1 is in use: stop the program"
        ):
            await server().startup([second])
