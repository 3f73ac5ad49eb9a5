from dbos_typed import DBOS
from gen_streams.flows import STREAM_POINTS
from generated.gen_streams.flows import draw_stream


def follow(workflow_id: str) -> int:
    total = 0
    handle = draw_stream.retrieve(workflow_id)
    for point in handle.read_stream("points"):
        total += point.x
        print(point.y)  # E: type
    for line in handle.read_stream("log"):
        print(line.upper())
    handle.read_stream("point")  # E: type
    for point in DBOS.read_stream(workflow_id, STREAM_POINTS):
        total += point.x
        print(point + 1)  # E: type
    return total
