from typing import Any, assert_type

from generics.generated.workflows import convert, double, first

assert_type(first.start([1], 2).get_result(), int)
assert_type(double.start(2.5).get_result(), list[float])
assert_type(convert.start(3).get_result(), str)
assert_type(convert.start("3", base=8).get_result(), int)
assert_type(convert.retrieve("id").get_result(), Any)

double.start("a")  # type: ignore[type-var]
convert.start(3, base=8)  # type: ignore[call-overload]
