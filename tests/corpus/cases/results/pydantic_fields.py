from pydantic import BaseModel

from dbos_typed import DBOS


class Summary(BaseModel):
    title: str
    score: float | None = None


@DBOS.workflow()
def summarize(text: str) -> Summary:
    return Summary(title=text)


def best(text: str) -> float:
    summary = DBOS.start_workflow(summarize, text).get_result()
    print(summary.title.upper(), summary.headline)  # E: type
    if summary.score is None:
        return 0.0
    return summary.score


def worst(text: str) -> float:
    return summarize(text).score  # E: type
