"""Stubs and references: from what a module says to text, and from text to files."""
