"""The composition root: settings, the app that joins store and edges, the command line."""

__version__ = "0.1.0"
