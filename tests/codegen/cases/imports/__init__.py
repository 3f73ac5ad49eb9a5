"""A package that re-exports."""

from dbos_typed import DBOS

from .models import Item as Item

__all__ = ["DBOS", "Item"]
