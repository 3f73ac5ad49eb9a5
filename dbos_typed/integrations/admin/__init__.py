"""The admin HTTP interface: health, recovery, and steering of workflows from outside."""

from dbos_typed.integrations.admin.server import AdminServer

__all__ = ["AdminServer"]
