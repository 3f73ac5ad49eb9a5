from typing import Any, assert_type

from unknown.generated.workflows import vague

handle = vague.start(1, 2, 3, c=4, d=5)
assert_type(handle.get_result(), Any)
assert_type(handle.get_event("opaque"), Any | None)
handle.send(object(), "untyped")
handle.send(object())
