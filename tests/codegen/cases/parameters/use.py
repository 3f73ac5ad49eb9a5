from typing import assert_type

from parameters.generated.workflows import everything, keywords_only, packed, stars

assert_type(everything.start(1, "b", b"c", 1.0, 2.0, d=True, other="x").get_result(), int)
assert_type(everything.start(1, d=True).get_result(), int)
keywords_only.start(a=1)
packed.start(colour="red", size=3)
stars.start(1, 2, x=3)

everything.start(a=1, d=True)  # type: ignore[arg-type, call-arg]
everything.start(1)  # type: ignore[call-arg]
keywords_only.start(1)  # type: ignore[call-arg]
packed.start(color="red")  # type: ignore[call-arg]
stars.start("1")  # type: ignore[arg-type]
