"""What a change of contracts means for runs under way."""
