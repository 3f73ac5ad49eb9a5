from shop.payments import charge as charge
from shop.payments import give_back as undo  # => from shop.payments import charge as undo

__all__ = ["charge", "undo"]
