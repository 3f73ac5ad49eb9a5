"""Edits of the fulfilment of orders: gateways behind classes, hooks in base classes."""

from tests.codegen.edits.edit import Application, Outcome, Scenario, edit

_SETTINGS, _MODEL, _GATEWAYS, _FLOWS = "settings.py", "model.py", "gateways.py", "flows.py"

SCENARIOS = (
    Scenario(name="small", workflow="place_order", arguments='Order("{id}", [Line("tea", 400)])'),
    Scenario(
        name="gift",
        workflow="place_order",
        arguments='Order("{id}", [Line("tea", 30000), Line("pot", 40000)], Tier.BASIC, True)',
    ),
    Scenario(name="gold", workflow="place_order", arguments='Order("{id}", [Line("ring", 90000, 2)], Tier.GOLD)'),
    Scenario(
        name="declined",
        workflow="place_order",
        arguments='Order("{id}", [Line("cup", 4000), Line("tea", 1)])',
        replies={"charge": "refuse: no money", "tea": "none"},
    ),
    Scenario(name="sample", workflow="ship_sample", arguments='"{id}", "tea"'),
)

_ERRORS = '''\
class FulfilmentError(Exception):
    """Something that stops an order."""


class OutOfStockError(FulfilmentError):
    """The warehouse does not have it."""


class PaymentDeclinedError(FulfilmentError):
    """The bank refused."""
'''
_GOLD_HOOK = '        logger.info("no review for %s", order.order_id)\n'
_RELEASES = """\
            for each in reserved:
                self.warehouse.release(order.order_id, each)
"""
_VALUES = (
    edit(
        "a constant of another module that a helper compares",
        (_SETTINGS, "REVIEW_ABOVE = 50_000", "REVIEW_ABOVE = 100_000"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a default argument that a helper compares",
        (_SETTINGS, "limit: int = Limit.INSURANCE", "limit: int = 75_000"),
        expects=Outcome.FAILS,
    ),
    edit(
        "an enum member that a default argument takes",
        (_SETTINGS, "INSURANCE = 20_000", "INSURANCE = 80_000"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a dataclass default that bounds a loop",
        (_SETTINGS, "max_lines: int = 3", "max_lines: int = 1"),
        expects=Outcome.FAILS,
    ),
    edit(
        "an instance of settings is made with another value",
        (_SETTINGS, "POLICY = Policy()", "POLICY = Policy(max_lines=1)"),
        expects=Outcome.FAILS,
    ),
    edit(
        "an entry of a config dict that a condition reads",
        (_SETTINGS, '"gift_wrap": True', '"gift_wrap": False'),
        expects=Outcome.FAILS,
    ),
    edit(
        "an entry of a config dict that decides on the last call",
        (_SETTINGS, '"survey": False', '"survey": True'),
        expects=Outcome.LONGER,
    ),
    edit(
        "a comparison in a helper is made strict in the other direction",
        (_SETTINGS, "return cents > REVIEW_ABOVE", "return cents < REVIEW_ABOVE"),
        expects=Outcome.FAILS,
    ),
    edit("a class attribute that is an argument", (_FLOWS, 'greeting = "thanks"', 'greeting = "danke"')),
    edit("a constant that nothing reads", (_SETTINGS, "MAX_ATTEMPTS = 2", "MAX_ATTEMPTS = 5")),
    edit("a table that nothing reads", (_SETTINGS, '("dhl", "ups")', '("dhl", "ups", "post")')),
    edit(
        "a dataclass default that no workflow reads",
        (_SETTINGS, "notify: bool = True", "notify: bool = False"),
    ),
)
_GATEWAYS_EDITS = (
    edit(
        "a class attribute is a gateway of another name",
        (_FLOWS, 'carrier = Carrier("dhl")', 'carrier = Carrier("ups")'),
        expects=Outcome.RESULT,
    ),
    edit(
        "a class attribute is a gateway of another class",
        (
            _GATEWAYS,
            "@DBOS.step()\ndef request_review",
            (
                "class Courier(Carrier):\n    def ship(self, order_id: str) -> str:\n"
                '        send_mail(order_id, "courier")\n        return super().ship(order_id)\n\n\n'
                "@DBOS.step()\ndef request_review"
            ),
        ),
        (_FLOWS, 'carrier = Carrier("dhl")', 'carrier = gateways.Courier("dhl")'),
        expects=Outcome.FAILS,
    ),
    edit(
        "another gateway is injected",
        (_FLOWS, "BASIC = Fulfilment(PaymentGateway())", "BASIC = Fulfilment(gateways.DeferredPaymentGateway())"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a method of an injected gateway makes another call first",
        (
            _GATEWAYS,
            '        """Charge at once."""\n',
            '        """Charge at once."""\n        self.void(order_id)\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a gateway that is only a default is another class",
        (
            _GATEWAYS,
            "class PaymentGateway:",
            (
                "class AuditedWarehouse(Warehouse):\n    def reserve(self, order_id: str, line: Line) -> str:\n"
                '        send_mail(order_id, "audit")\n        return super().reserve(order_id, line)\n\n\n'
                "class PaymentGateway:"
            ),
        ),
        (_FLOWS, "warehouse or Warehouse()", "warehouse or gateways.AuditedWarehouse()"),
        expects=Outcome.FAILS,
    ),
    edit(
        "the gateway that nothing uses has another method",
        (_GATEWAYS, "        self.authorize(order_id, cents)\n", ""),
    ),
    edit(
        "a gateway's step is renamed",
        (_GATEWAYS, "    @DBOS.step()\n    def charge", '    @DBOS.step(name="charge")\n    def charge'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a gateway is injected by keyword",
        (_FLOWS, "BASIC = Fulfilment(PaymentGateway())", "BASIC = Fulfilment(payments=PaymentGateway())"),
    ),
    edit(
        "an injected gateway is made on a line of its own",
        (_FLOWS, "BASIC = Fulfilment(PaymentGateway())", "_PAYMENTS = PaymentGateway()\nBASIC = Fulfilment(_PAYMENTS)"),
    ),
)
_HOOKS = (
    edit(
        "a hook is overridden in a subclass",
        (
            _FLOWS,
            _GOLD_HOOK,
            (
                f"{_GOLD_HOOK}\n    def reserve_all(self, order: Order) -> list[str]:\n"
                '        gateways.send_mail(order.order_id, "reserving")\n        return super().reserve_all(order)\n'
            ),
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a hook at the end is overridden in a subclass",
        (
            _FLOWS,
            _GOLD_HOOK,
            (
                f"{_GOLD_HOOK}\n    def after_shipping(self, order: Order) -> None:\n"
                "        gateways.wrap(order.order_id)\n"
            ),
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "an override goes away",
        (
            _FLOWS,
            '    greeting = "gold"\n\n    def before_payment(self, order: Order, cents: int) -> None:\n' + _GOLD_HOOK,
            '    greeting = "gold"\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a hook is replaced on the class",
        (
            _FLOWS,
            "BASIC = Fulfilment(",
            (
                "def _review(self: Fulfilment, order: Order, cents: int) -> None:\n"
                "    gateways.request_review(order.order_id, cents)\n\n\n"
                "Fulfilment.before_payment = _review\nBASIC = Fulfilment("
            ),
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a hook logs",
        (_FLOWS, '        """Tell the customer."""\n', '        logger.info("mail %s", order.order_id)\n'),
    ),
    edit(
        "a hook that records nothing is overridden",
        (_FLOWS, _GOLD_HOOK, f'{_GOLD_HOOK}\n    def __repr__(self) -> str:\n        return "gold"\n'),
    ),
)
_CALLS = (
    edit(
        "a handler catches another class",
        (_FLOWS, "        except FulfilmentError:\n", "        except OutOfStockError:\n"),
        expects=Outcome.SHORTER,
    ),
    edit(
        "a handler in a loop catches another class",
        (_FLOWS, "            except OutOfStockError:\n", "            except KeyError:\n"),
        expects=Outcome.SHORTER,
    ),
    edit(
        "a handler catches a class above",
        (_FLOWS, "            except OutOfStockError:\n", "            except FulfilmentError:\n"),
    ),
    edit(
        "a step loses its decorator",
        (_GATEWAYS, "@DBOS.step()\ndef wrap", "def wrap"),
        expects=Outcome.FAILS,
    ),
    edit(
        "two calls change places",
        (
            _FLOWS,
            "        parcel = self.ship(order, cents)\n        self.after_shipping(order)\n",
            "        self.after_shipping(order)\n        parcel = self.ship(order, cents)\n",
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "classes of exceptions move",
        (_MODEL, _ERRORS, ""),
        ("errors.py", "", f'"""What stops orders."""\n\n\n{_ERRORS}'),
        (
            _GATEWAYS,
            "import Line, OutOfStockError, PaymentDeclinedError",
            "import Line\nfrom fulfilment.errors import OutOfStockError, PaymentDeclinedError",
        ),
        (
            _FLOWS,
            "import FulfilmentError, Line, Order, OutOfStockError, Receipt, Tier, total",
            "import Line, Order, Receipt, Tier, total\nfrom fulfilment.errors import FulfilmentError, OutOfStockError",
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "classes of exceptions move and keep their names",
        (_MODEL, _ERRORS, "from fulfilment.errors import FulfilmentError, OutOfStockError, PaymentDeclinedError\n"),
        ("errors.py", "", f'"""What stops orders."""\n\n\n{_ERRORS}'),
    ),
)
_REFACTORINGS = (
    edit(
        "a local is renamed",
        (_FLOWS, "parcel = self", "box = self"),
        (_FLOWS, "cents, parcel)", "cents, box)"),
        (_FLOWS, "return parcel\n", "return box\n"),
        (_FLOWS, "in {parcel}", "in {parcel!s}"),
    ),
    edit(
        "a helper is extracted",
        (_FLOWS, _RELEASES, "            self.release_all(order, reserved)\n"),
        (
            _FLOWS,
            "    def reserve_all(",
            (
                "    def release_all(self, order: Order, reserved: list[str]) -> None:\n"
                "        for each in reserved:\n            self.warehouse.release(order.order_id, each)\n\n"
                "    def reserve_all("
            ),
        ),
    ),
    edit("a helper is inlined", (_FLOWS, "settings.needs_review(cents)", "cents > settings.REVIEW_ABOVE")),
    edit(
        "a docstring and a comment",
        (_FLOWS, "-> Receipt:\n        cents", '-> Receipt:\n        """Run."""\n        # First.\n        cents'),
    ),
    edit("a step is repeated more often", (_GATEWAYS, "max_attempts=2", "max_attempts=5")),
    edit(
        "a new step that nothing calls",
        (
            _GATEWAYS,
            "@DBOS.step()\ndef wrap",
            (
                "@DBOS.step()\ndef weigh(order_id: str) -> None:\n"
                '    wire.post(f"/warehouse/{order_id}/weigh")\n\n\n@DBOS.step()\ndef wrap'
            ),
        ),
    ),
    edit("the inside of a step", (_GATEWAYS, 'return f"payment-{cents}"', 'return f"payment of {cents} cents"')),
    edit(
        "a pure helper moves to a module of its own",
        (
            _MODEL,
            (
                "def total(order: Order) -> int:\n"
                '    """The price of everything, in cents."""\n'
                "    return sum(line.cents * line.quantity for line in order.lines)\n"
            ),
            "",
        ),
        (
            "pricing.py",
            "",
            (
                "from fulfilment.model import Order\n\n\ndef total(order: Order) -> int:\n"
                "    return sum(line.cents * line.quantity for line in order.lines)\n"
            ),
        ),
        (_FLOWS, "Receipt, Tier, total", "Receipt, Tier\nfrom fulfilment.pricing import total"),
    ),
    edit("a local is annotated", (_FLOWS, "reserved = []", "reserved: list[str] = []")),
    edit(
        "a module is imported in another way",
        (
            _FLOWS,
            "from fulfilment import gateways, settings",
            "import fulfilment.gateways as gateways\nfrom fulfilment import settings",
        ),
    ),
    edit(
        "a stored class gets a field with a default",
        (_MODEL, "    quantity: int = 1\n", '    quantity: int = 1\n    note: str = ""\n'),
    ),
    edit(
        "a stored enum gets a member", (_MODEL, '    GOLD = "gold"\n', '    GOLD = "gold"\n    PLATINUM = "platinum"\n')
    ),
    edit(
        "a condition is written the other way round",
        (_SETTINGS, "return cents > REVIEW_ABOVE", "return REVIEW_ABOVE < cents"),
    ),
)

APPLICATION = Application(
    name="fulfilment",
    scenarios=SCENARIOS,
    edits=(*_VALUES, *_GATEWAYS_EDITS, *_HOOKS, *_CALLS, *_REFACTORINGS),
)
