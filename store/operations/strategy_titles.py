"""What people call the strategies of toggles."""

from store.model import ToggleStrategy
from store.operations.strings import display
from store.snapshot import Snapshot


def quote_title(snapshot: Snapshot, strategy: ToggleStrategy) -> str:
    """Return the title of a strategy on a toggle in quotes, as the console displays it.

    Without a title, return the title of its definition, or else its name.
    """
    definition = snapshot.strategies.get(strategy.name)
    title = strategy.title or (definition.title if definition is not None else "")
    return f"'{display(title or strategy.name)}'"
