"""The composition root: settings, the application over store and edges, and the command line."""

__version__ = "0.1.0"
