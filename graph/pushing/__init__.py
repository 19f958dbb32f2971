"""What subscriptions push."""
