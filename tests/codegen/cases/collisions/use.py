from typing import assert_type

from collisions.generated import workflows as generated
from collisions.workflows import Any, Handle, Literal, Shop

assert_type(generated.list.start((1,)).get_result(), bytes)
assert_type(generated.list.start((1,)).get_event("count", 2.5), int | None)
assert_type(generated.str.start(Any()).get_result(), Literal)
assert_type(generated.str.start(Any()).get_event("any"), Any | None)
assert_type(generated.overload.start(self=1, queue=2, _queue=3, instance=Handle()).get_event("b"), Handle | None)
assert_type(generated.start.start(client=1).get_result(), None)
shop = Shop("x")
assert_type(generated.Shop.enqueue.start(shop, queue=1, instance=Handle(), config_name=2).get_result(), Handle)
assert_type(generated.Shop.list.start(shop, size=1).get_result(), tuple[int, int])
generated.WorkflowHandle.start()
generated.Queue.start()
