"""Log each commit of this process as one line."""

import logging

from store.unit_of_work import UnitOfWork

MAX_CHARACTERS = 200

_log = logging.getLogger("store.commits")


def log_commit(work: UnitOfWork) -> None:
    """Log the revision, the actor, the number of events and the summary of the first event.

    The JSON format has them as separate fields, with the ID of the actor's token.
    """
    if not _log.isEnabledFor(logging.INFO):
        return
    first, count = work.events[0], len(work.events)
    summary = first.summary[:MAX_CHARACTERS]
    more = f", and {count - 1:,} more events" if count > 1 else ""
    _log.info(
        "Revision %d by %s: %s%s",
        work.revision,
        work.actor.name,
        summary,
        more,
        extra={
            "fields": {
                "revision": work.revision,
                "actor": work.actor.name,
                "token_id": work.actor.token_id,
                "change_set_id": first.change_set_id,
                "events": count,
                "event_type": first.type.name,
                "summary": summary,
            }
        },
    )
