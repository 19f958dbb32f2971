"""The composition root: settings, the application, the server process, and the command line."""

__version__ = "0.1.0"
