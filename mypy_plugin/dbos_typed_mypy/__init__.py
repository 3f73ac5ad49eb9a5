"""The mypy plugin of dbos_typed: `plugins = ["dbos_typed_mypy"]` in mypy's configuration."""

from dbos_typed_mypy.plugin import plugin

__all__ = ["plugin"]
