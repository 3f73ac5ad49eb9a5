"""`DBOS`, put together from one class per concern, and what launches the engine with its integrations."""
