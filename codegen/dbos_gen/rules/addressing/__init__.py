"""Which workflow or queue is meant by a name, an id, a handle or a generated reference, and what fits it."""
