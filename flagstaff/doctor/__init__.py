"""Find problems of an installation before or while a server runs."""
