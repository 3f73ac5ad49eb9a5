from gen_events_keys.workflows import KeyApproval
from generated.gen_events_keys.workflows import keyed_checkout, keyed_silent


def watch(workflow_id: str) -> int:
    handle = keyed_checkout.retrieve(workflow_id)
    progress = handle.get_event("progress")
    stage = handle.get_event("stage", 5)
    handle.get_event("progres")  # E: type
    handle.get_event("approval")  # E: type
    print(progress + 1)  # E: type
    print(stage.upper() if stage else progress)
    wrong: str | None = handle.get_event("progress")  # E: type
    print(wrong)
    return progress or 0


def approve(workflow_id: str) -> None:
    handle = keyed_checkout.retrieve(workflow_id)
    handle.send(KeyApproval("ann"), topic="approval")
    handle.send("yes", topic="approval")  # E: type
    handle.send(KeyApproval("ann"), topic="aproval")  # E: type
    handle.send(KeyApproval("ann"))  # E: type
    keyed_silent.retrieve(workflow_id).get_event("progress")  # E: type
    keyed_silent.start("o").send("x", topic="approval")  # E: type
