from dbos_typed import DBOS


@DBOS.workflow()
def queued_resize(image: str, width: int) -> bytes:
    return image.encode() * width


@DBOS.workflow()
async def queued_label(image: str) -> list[str]:
    return [image]
