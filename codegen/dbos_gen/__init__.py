"""Code generator of dbos_typed: typed references to the workflows of an application."""

__version__ = "0.1.0"
