"""The audit log: events, change sets, and subscriptions to both."""
