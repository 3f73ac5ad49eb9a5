"""What running workflows depend on: written to a lock file, read back, and compared with what the source says now."""
