"""A package that exports what its modules define."""

from .goods import Goods as Goods
from .goods import Unused
