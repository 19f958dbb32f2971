"""The audit log: events, change sets, rollouts, and the subscription to events."""
