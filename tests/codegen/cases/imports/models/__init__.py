from imports.models.goods import Item, _Secret
from imports.models.people import *

__all__ = ["Customer", "Item", "_Secret"]
