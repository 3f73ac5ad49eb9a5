from dbos_typed import DBOS, WorkflowHandle


@DBOS.workflow()
async def embed(text: str) -> list[float]:
    return [float(len(text))]


def nearest(text: str) -> float:
    handle: WorkflowHandle[list[float]] = DBOS.start_workflow(embed, text)
    vector = handle.get_result()
    print(vector.shape)  # E: type
    return vector[0]


def wrong(text: str) -> str:
    return DBOS.start_workflow(embed, text).get_result()[0]  # E: type
