"""The console, an admin frontend in the browser."""
