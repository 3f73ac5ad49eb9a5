"""What type an expression has, as far as annotations and constructors say it."""
