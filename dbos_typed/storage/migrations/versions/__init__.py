"""One file a schema version. A landed one is never changed."""
