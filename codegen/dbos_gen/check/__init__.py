"""The rules, run: over the modules of a project, or for the mypy plugin in a process of its own."""
