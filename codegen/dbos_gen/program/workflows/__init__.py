"""Workflows and steps: what makes a function one, what its calls record, what it says to others."""
