from dbos_typed import DBOS


@DBOS.workflow()
def grade(points: int) -> str:
    if points > 90:
        return "A"
    return "B"


@DBOS.step()
def parse(raw: str) -> int:
    return raw  # E: type


@DBOS.workflow()
def grade_all(points: list[int]) -> list[str]:
    return [grade(point) for point in points]


@DBOS.workflow()
def grade_sum(points: list[int]) -> int:
    return sum(grade(point) for point in points)  # E: type
