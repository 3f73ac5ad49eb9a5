"""Edits of payments: dispatch tables and configured instances."""

from tests.codegen.edits.edit import Application, Outcome, Scenario, edit

_RULES, _MODEL, _METHODS, _FLOWS = "rules.py", "model.py", "methods.py", "flows.py"

SCENARIOS = (
    Scenario(
        name="card",
        workflow="settle",
        arguments='Payment("{id}", Method.CARD, 12_000)',
        replies={"3ds": True},
    ),
    Scenario(name="transfer", workflow="EU.pay", arguments='Payment("{id}", Method.TRANSFER, 900)'),
    Scenario(name="wallet", workflow="settle", arguments='Payment("{id}", Method.WALLET, 60_000, "us")'),
    Scenario(name="small", workflow="settle", arguments='Payment("{id}", Method.WALLET, 300, "us")'),
    Scenario(name="voucher", workflow="US.pay", arguments='Payment("{id}", Method.VOUCHER, 40, "fr")'),
    Scenario(
        name="fraud",
        workflow="EU.pay",
        arguments='Payment("{id}", Method.CARD, 100)',
        replies={"card": "refuse: stolen"},
    ),
    Scenario(name="undo", workflow="undo", arguments='Payment("{id}", Method.CARD, 100)'),
)

_CONFIRMATION = '''\
@dataclass
class Confirmation:
    """What the bank says; recorded by steps."""

    reference: str
    cents: int
'''
_TABLES = (
    edit(
        "an entry of a dispatch table",
        (_METHODS, "Method.CARD: charge_card", "Method.CARD: debit_wallet"),
        expects=Outcome.FAILS,
    ),
    edit(
        "an entry of a dispatch table is a lambda that does more",
        (
            _METHODS,
            "Method.TRANSFER: pay_by_transfer",
            "Method.TRANSFER: lambda payment: (book(payment, 'x'), pay_by_transfer(payment))[1]",
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "what is put into a table at module level",
        (_METHODS, "HANDLERS[Method.WALLET] = debit_wallet", "HANDLERS[Method.WALLET] = pay_by_transfer"),
        expects=Outcome.FAILS,
    ),
    edit(
        "what a decorator registers",
        (
            _METHODS,
            '@handles("gift")\ndef pay_by_gift',
            (
                '@handles("gift")\ndef pay_by_points(payment: Payment) -> Confirmation:\n'
                '    return debit_wallet(payment)\n\n\n@handles("present")\ndef pay_by_gift'
            ),
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a registered function makes another call",
        (
            _METHODS,
            "    confirmation = redeem_voucher(payment)\n",
            '    book(payment, "gifts")\n    confirmation = redeem_voucher(payment)\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a helper in a table makes another call",
        (
            _METHODS,
            "    confirmation = order_transfer(payment)\n",
            '    notify(payment, "soon")\n    confirmation = order_transfer(payment)\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "the default of a lookup",
        (_METHODS, 'HANDLERS.get(method, _REGISTERED["gift"])', "HANDLERS.get(method, debit_wallet)"),
        expects=Outcome.FAILS,
    ),
    edit(
        "functions of a loop change places",
        (
            _FLOWS,
            '(methods.refund, lambda each: methods.notify(each, "undone"))',
            '(lambda each: methods.notify(each, "undone"), methods.refund)',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a table of data that a loop runs over",
        (_RULES, '"de": ["sales", "tax"]', '"de": ["sales"]'),
        expects=Outcome.SHORTER,
    ),
    edit("a table of data has other texts", (_RULES, '"de": ["sales", "tax"]', '"de": ["revenue", "vat"]')),
    edit(
        "a table of data has another key",
        (_RULES, '"us": ["sales", "duty"]', '"us": ["sales", "duty"], "jp": ["asia"]'),
    ),
    edit("a table that no workflow reads", (_METHODS, "STEPS_AFTER = (book, notify)", "STEPS_AFTER = (notify, book)")),
    edit(
        "the entries of a table change places",
        (
            _METHODS,
            "    Method.CARD: charge_card,\n    Method.TRANSFER: pay_by_transfer,\n",
            "    Method.TRANSFER: pay_by_transfer,\n    Method.CARD: charge_card,\n",
        ),
    ),
    edit(
        "an entry moves into the table",
        (
            _METHODS,
            "    Method.TRANSFER: pay_by_transfer,\n",
            "    Method.TRANSFER: pay_by_transfer,\n    Method.WALLET: debit_wallet,\n",
        ),
        (_METHODS, "HANDLERS[Method.WALLET] = debit_wallet\n", ""),
    ),
    edit(
        "a helper in a table logs",
        (
            _METHODS,
            '    """Redeem, and send thanks."""\n',
            '    """Redeem, and send thanks."""\n    DBOS.logger.debug("gift %s", payment.payment_id)\n',
        ),
    ),
)
_VALUES = (
    edit(
        "a class attribute that a helper compares",
        (_RULES, "verify = 10_000", "verify = 20_000"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a set that a helper looks into",
        (_RULES, 'frozenset({"us"})', 'frozenset({"us", "de"})'),
        expects=Outcome.FAILS,
    ),
    edit("a class attribute that nothing reads", (_RULES, "report = 1_000_000", "report = 2_000_000")),
    edit(
        "a threshold before the last call",
        (_FLOWS, "payment.cents > 100:", "payment.cents > 500:"),
        expects=Outcome.SHORTER,
    ),
    edit(
        "a threshold that a method's result meets",
        (_FLOWS, "self.fee(payment) > 50", "self.fee(payment) > 500"),
        expects=Outcome.EFFECT,
    ),
    edit(
        "a formula in a method that a condition calls",
        (_FLOWS, "payment.cents // 100 if", "payment.cents // 1000 if"),
        expects=Outcome.EFFECT,
    ),
)
_INSTANCES = (
    edit(
        "an argument of a configured instance",
        (_FLOWS, 'Desk("eu", has_fee=True)', 'Desk("eu")'),
        expects=Outcome.EFFECT,
    ),
    edit(
        "a configured instance has another name",
        (_FLOWS, 'Desk("eu", has_fee=True)', 'Desk("europe", has_fee=True)'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a configured instance is of another class",
        (_FLOWS, 'US = Desk("us"', 'US = ExpressDesk("us"'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a configured instance gets another collaborator",
        (_FLOWS, "booking=QuietBooking()", "booking=Booking()"),
        expects=Outcome.LONGER,
    ),
    edit(
        "a collaborator of a configured instance does more",
        (
            _FLOWS,
            '        methods.book(payment, "quiet")\n',
            '        methods.notify(payment, "quiet")\n        methods.book(payment, "quiet")\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "the default of a parameter of a class",
        (_FLOWS, "has_fee: bool = False", "has_fee: bool = True"),
        expects=Outcome.EFFECT,
    ),
    edit("a third configured instance", (_FLOWS, 'US = Desk("us"', 'ASIA = Desk("asia")\nUS = Desk("us"')),
    edit("the global of a configured instance is renamed", (_FLOWS, "EU = Desk", "EUROPE = EU = Desk")),
    edit("a subclass that nothing makes", (_FLOWS, "        return 500\n", "        return 900\n")),
)
_CALLS = (
    edit("a handler catches a class above", (_FLOWS, "except FraudError:", "except PaymentError:")),
    edit(
        "a handler catches a class beside", (_FLOWS, "except FraudError:", "except KeyError:"), expects=Outcome.SHORTER
    ),
    edit(
        "a step becomes a plain function",
        (_METHODS, "@DBOS.step()\ndef verify_card", "def verify_card"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a child is called on another instance",
        (_FLOWS, 'EU if payment.country == "de" else US', "US"),
        expects=Outcome.SHORTER,
    ),
    edit(
        "a recorded class gets a field without a default",
        (_MODEL, "    reference: str\n    cents: int\n", "    reference: str\n    cents: int\n    at: str\n"),
        (_METHODS, ", payment.cents)\n\n", ', payment.cents, "now")\n\n'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a recorded class gets a field with a default",
        (_MODEL, "    reference: str\n    cents: int\n", '    reference: str\n    cents: int\n    at: str = ""\n'),
    ),
    edit(
        "a recorded class moves that its annotation names",
        (_MODEL, _CONFIRMATION, ""),
        ("bank.py", "", f'"""What banks say."""\n\nfrom dataclasses import dataclass\n\n\n{_CONFIRMATION}'),
        (_METHODS, "import Confirmation, FraudError", "import FraudError"),
        (_METHODS, "from payments.model import", "from payments.bank import Confirmation\nfrom payments.model import"),
    ),
    edit(
        "a workflow is renamed",
        (_FLOWS, "@DBOS.workflow()\ndef undo", '@DBOS.workflow(name="revert")\ndef undo'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a method is split",
        (
            _FLOWS,
            "        self.booking.close(payment)\n        return confirmation.reference\n",
            (
                "        return self.closed(payment, confirmation.reference)\n\n"
                "    def closed(self, payment: Payment, reference: str) -> str:\n"
                "        self.booking.close(payment)\n        return reference\n"
            ),
        ),
    ),
    edit(
        "a loop is unrolled",
        (
            _FLOWS,
            '    for after in (methods.refund, lambda each: methods.notify(each, "undone")):\n        after(payment)\n',
            '    methods.refund(payment)\n    methods.notify(payment, "undone")\n',
        ),
    ),
)

APPLICATION = Application(name="payments", scenarios=SCENARIOS, edits=(*_TABLES, *_VALUES, *_INSTANCES, *_CALLS))
