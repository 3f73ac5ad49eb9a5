"""What functions do when they run, by way of all that they call."""
