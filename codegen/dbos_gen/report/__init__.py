"""What people and the programs that show it to them read."""
