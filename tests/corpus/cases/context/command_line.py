import argparse

from dbos_typed import DBOS, SetWorkflowID


@DBOS.workflow()
def backup(folder: str) -> int:
    DBOS.set_event("folder", folder)
    DBOS.sleep(1)
    return len(folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    folder = str(parser.parse_args().folder)
    DBOS(config={"name": "backup"})
    DBOS.launch()
    with SetWorkflowID(folder):
        handle = DBOS.start_workflow(backup, folder)
    DBOS.sleep(1)  # E: dbos-context
    print(handle.get_result())
    print(DBOS.get_event(handle.workflow_id, "folder"))


if __name__ == "__main__":
    main()
