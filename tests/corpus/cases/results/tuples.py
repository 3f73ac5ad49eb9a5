from dbos_typed import DBOS


@DBOS.workflow()
def split(text: str) -> tuple[str, int]:
    return text, len(text)


head, size = DBOS.start_workflow(split, "a").get_result()
print(head.upper(), size + 1)
print(head + size)  # E: type
a, b, c = DBOS.start_workflow(split, "a").get_result()  # E: type
swapped: tuple[int, str] = split("a")  # E: type
