"""Convert the summaries of events to the present tense, for changes that are not made yet."""

# Summaries in `store/operations` and `store/transfer` begin with these words.
_PRESENT = {
    "Added": "Adds",
    "Archived": "Archives",
    "Changed": "Changes",
    "Configured": "Configures",
    "Copied": "Copies",
    "Created": "Creates",
    "Declared": "Declares",
    "Defined": "Defines",
    "Deleted": "Deletes",
    "Deprecated": "Deprecates",
    "Dropped": "Drops",
    "Forgot": "Forgets",
    "Imported": "Imports",
    "Made": "Makes",
    "Marked": "Marks",
    "Moved": "Moves",
    "Overwrote": "Overwrites",
    "Put": "Puts",
    "Reactivated": "Reactivates",
    "Registered": "Registers",
    "Removed": "Removes",
    "Replaced": "Replaces",
    "Restored": "Restores",
    "Revived": "Revives",
    "Revoked": "Revokes",
    "Switched": "Switches",
    "Tested": "Tests",
    "Took": "Takes",
}


def to_present(summary: str) -> str:
    """Return a summary in the present tense: "Archives toggle 'a'." for "Archived toggle 'a'.".

    Summaries that do not begin with a known verb are already in the present tense.
    """
    verb, space, rest = summary.partition(" ")
    return f"{_PRESENT.get(verb, verb)}{space}{rest}"
