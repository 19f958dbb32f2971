"""A running server whose work is measured."""

from msgspec import Struct


class Peer(Struct, frozen=True):
    """The address of a server, and the processes whose CPU time counts, its own first."""

    url: str
    pids: tuple[int, ...]
    admin_token: str = ""
