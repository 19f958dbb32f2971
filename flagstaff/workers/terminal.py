"""Recognise that the terminal in which the command runs has been closed."""

import os
import signal


def ends_with_terminal() -> bool:
    """Whether this process should end when its terminal is closed.

    This is so in the foreground of a terminal, except under nohup. A process in the background is a
    service, which outlives the terminal.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return False
    return _foreground_group() == os.getpgrp()


def has_terminal() -> bool:
    """Whether this process belongs to a terminal that is still open."""
    return _foreground_group() is not None


def _foreground_group() -> int | None:
    """Return the process group in the foreground of the terminal; None without a terminal."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.tcgetpgrp(terminal)
    except OSError:
        return None
    finally:
        os.close(terminal)
