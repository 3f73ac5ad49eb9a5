"""What running workflows depend on: read from the source, written to a lock file, and compared."""
