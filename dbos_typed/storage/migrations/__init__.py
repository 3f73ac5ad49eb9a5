"""Alembic environment of the system database."""
