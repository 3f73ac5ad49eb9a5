"""Settings for a project that has none."""
