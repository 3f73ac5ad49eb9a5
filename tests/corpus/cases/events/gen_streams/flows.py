from dataclasses import dataclass

from dbos_typed import DBOS, Stream


@dataclass(frozen=True)
class StreamPoint:
    x: int


STREAM_POINTS = Stream[StreamPoint]("points")


@DBOS.workflow()
def draw_stream(count: int) -> int:
    for x in range(count):
        DBOS.write_stream(STREAM_POINTS, StreamPoint(x))
        DBOS.write_stream(STREAM_POINTS, x)  # E: type
    DBOS.write_stream("log", "drawn")
    DBOS.close_stream(STREAM_POINTS)
    return count
