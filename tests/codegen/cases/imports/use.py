from typing import Any, assert_type

from imports import Item
from imports.generated.workflows import bare, conditional, several, standard
from imports.models import Customer
from imports.models.goods import _Secret  # pyright: ignore[reportPrivateUsage]

assert_type(conditional.start("x").get_result(), int)
assert_type(
    several.start(Item(), Item(), Item(), Item(), Customer(), Customer(), _Secret()).get_result(),
    Customer,
)
assert_type(standard.retrieve("id").get_result(), tuple[()])
assert_type(bare.start([], {}, (), [], {}).get_result(), set[Any])  # type: ignore[arg-type]
