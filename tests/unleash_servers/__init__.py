"""Real Unleash servers, whose databases and answers are recorded for tests."""
