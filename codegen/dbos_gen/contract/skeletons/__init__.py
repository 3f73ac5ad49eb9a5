"""The recorded calls of a workflow, in order, with what decides between them."""
