"""Send events to the receivers of webhooks over HTTP."""
