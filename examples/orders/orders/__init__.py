"""A small shop: orders are reserved, paid, approved, stored and shipped by one durable workflow."""
