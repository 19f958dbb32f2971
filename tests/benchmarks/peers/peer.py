"""A running server whose work is measured."""

from msgspec import Struct


class Peer(Struct, frozen=True):
    """The address of a server, and the processes whose CPU time is measured.

    The first process is the server itself.
    """

    url: str
    pids: tuple[int, ...]
    admin_token: str = ""
