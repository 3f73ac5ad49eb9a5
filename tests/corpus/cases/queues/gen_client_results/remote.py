from dbos_typed import DBOSClient, EnqueueOptions
from generated.gen_client_results.flows import counted_words, listed_words

COUNTED: EnqueueOptions = {"workflow_name": "counted_words", "queue_name": "words"}


def run(client: DBOSClient) -> int:
    handle = client.enqueue({"workflow_name": "counted_words", "queue_name": "words"}, "a b")
    text: str = handle.get_result()  # E: inferred
    print(text, client.enqueue(COUNTED, "a b").get_result())
    typed = counted_words.via(client).enqueue("words", "a b")
    words: str = typed.get_result()  # E: type
    print(words)
    return typed.get_result()


async def run_async(client: DBOSClient) -> list[str]:
    handle = await client.enqueue_async({"workflow_name": "listed_words", "queue_name": "words"}, "a b")
    number: int = await handle.get_result()  # E: inferred
    print(number)
    typed = await listed_words.via(client).enqueue("words", "a b")
    count: int = await typed.get_result()  # E: type
    print(count)
    return await typed.get_result()
