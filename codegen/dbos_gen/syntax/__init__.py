"""What one syntax tree says by itself, without any name in it being looked up."""
