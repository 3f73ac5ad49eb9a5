from dbos_typed import DBOS

for status in DBOS.list_workflows(name="checkout"):
    print(status.name.upper(), status.queue_name)
    print(status.queue_name.upper())  # E: type
    print(status.id)  # E: type
for step in DBOS.list_workflow_steps("wf"):
    print(step["function_name"].upper(), step["function_id"] + 1)
    print(step["name"])  # E: type
    print(step["function_id"].upper())  # E: type
known = DBOS.get_workflow_status("wf")
print(known.status)  # E: type
if known is not None:
    print(known.status)
