"""What type checkers see."""

from typing import assert_type

from definitions import workflows as code
from definitions.generated.workflows import Configured, applied, attempted, ids, looped, matched, stacked


def use(instance: code.Configured) -> None:
    private = code.stacked.__class__
    handle = stacked.retrieve("id")
    assert_type(handle.get_result() is None, bool)
    assert_type(applied.start(1).get_result(), str)
    assert_type(ids.start({"a": code.UserId(1)}, code.UserId(2)).get_result(), dict[str, code.UserId])
    assert_type(attempted.start().get_result(), int)
    Configured.itself.start(instance, 1)
    Configured.of_class.start(number=2)
    Configured.Sub.static.start()
    Configured.conditional.start(instance)
    looped.start()
    assert_type(matched.start(1, "x").get_result(), tuple[int, *tuple[str, ...]])
    matched.start("x", 1)  # type: ignore[arg-type]
    print(private)
