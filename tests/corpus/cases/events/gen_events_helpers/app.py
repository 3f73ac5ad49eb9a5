from generated.gen_events_helpers.flows import helped_migration


def follow(workflow_id: str) -> int:
    handle = helped_migration.retrieve(workflow_id)
    migrated = handle.get_event("migrated")
    handle.get_event("migrate")  # E: type
    handle.send("go", topic="note")
    handle.send(1, topic="note")  # E: type
    handle.send("go", topic="notes")  # E: type
    text: str | None = handle.get_event("migrated")  # E: type
    print(text)
    return migrated or 0
