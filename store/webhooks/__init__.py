"""Send events to webhooks: the queue in the database, and the work in the background."""
