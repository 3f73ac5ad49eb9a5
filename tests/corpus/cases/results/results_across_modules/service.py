from dbos_typed import DBOS, WorkflowHandle
from results_across_modules import flows
from results_across_modules.flows import Score, classify


def begin(text: str) -> WorkflowHandle[Score]:
    return DBOS.start_workflow(classify, text)


def label(text: str) -> str:
    return begin(text).get_result().label


def value(text: str) -> str:
    return begin(text).get_result().value  # E: type


def begin_wrongly(text: str) -> WorkflowHandle[float]:
    return DBOS.start_workflow(flows.classify, text)  # E: type
