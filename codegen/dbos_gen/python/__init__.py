"""The program as Python means it: scopes, what expressions stand for, what calls call."""
