"""Modules as Python means them: scopes, types and values. Nothing is imported or executed."""
