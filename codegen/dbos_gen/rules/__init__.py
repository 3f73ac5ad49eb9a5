"""The rules that no type system has, one a file: ``dbos-gen check`` and the mypy plugin report what they find."""
