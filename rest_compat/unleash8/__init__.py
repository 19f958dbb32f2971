"""Today's admin API of Unleash, as far as it is offered."""
