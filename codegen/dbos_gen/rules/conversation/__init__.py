"""What workflows and those who talk to them set, receive and write."""
