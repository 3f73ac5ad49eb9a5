"""The rules that no type system has, as one library: ``dbos-gen check`` and the mypy plugin report what it finds."""
