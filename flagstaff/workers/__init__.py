"""Serve with several worker processes that share one listening socket."""
