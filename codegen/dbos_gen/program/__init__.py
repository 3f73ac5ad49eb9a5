"""What the user's program does: its workflows, what they call, and what that reaches."""
