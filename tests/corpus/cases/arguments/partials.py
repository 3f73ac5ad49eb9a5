from functools import partial

from dbos_typed import DBOS


@DBOS.workflow()
def publish(channel: str, text: str) -> int:
    return len(channel + text)


to_news = partial(publish, "news")
DBOS.start_workflow(publish, "news", "hi")
DBOS.start_workflow(to_news, "hi")  # E: dbos-workflow
to_news("hi")
to_news(3)  # E: type
