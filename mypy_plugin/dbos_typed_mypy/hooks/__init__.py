"""What the plugin does at each place mypy asks it, one concern a file."""
