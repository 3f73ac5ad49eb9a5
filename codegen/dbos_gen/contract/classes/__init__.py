"""The classes that records name, and what they store."""
