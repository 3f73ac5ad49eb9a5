"""Edits of subscriptions: events, messages, sleeps and reminders."""

from tests.codegen.edits.edit import Application, Outcome, Scenario, edit

_MESSAGES, _TERMS, _ACTIONS, _FLOWS = "messages.py", "terms.py", "actions.py", "flows.py"

SCENARIOS = (
    Scenario(
        name="paying",
        workflow="subscribe",
        arguments='"{id}", Plan.MONTHLY',
        messages=(("payments", "Paid(100)"), ("payments", "Paid(900)"), ("payments", "Paid(1200)")),
    ),
    Scenario(
        name="unpaid", workflow="subscribe", arguments='"{id}", Plan.YEARLY', messages=(("payments", "Paid(10)"),)
    ),
    Scenario(name="trial", workflow="subscribe", arguments='"{id}", Plan.TRIAL'),
    Scenario(
        name="cancelling",
        workflow="renew",
        arguments='"{id}", Plan.MONTHLY',
        messages=(("cancellations", 'Cancelled("too dear")'),),
    ),
    Scenario(name="renewing", workflow="renew", arguments='"{id}", Plan.YEARLY'),
    Scenario(name="refused", workflow="renew", arguments='"{id}", Plan.MONTHLY', replies={"debit": "refuse: no money"}),
)

_VALUES = (
    edit(
        "a constant that bounds a loop in a helper", (_TERMS, "REMINDERS = 2", "REMINDERS = 1"), expects=Outcome.FAILS
    ),
    edit(
        "a constant that is a default argument of a comparison",
        (_TERMS, "MINIMUM_CENTS = 500", "MINIMUM_CENTS = 1_000"),
        expects=Outcome.FAILS,
    ),
    edit("a named tuple in a table", (_TERMS, "Terms(900, 2)", "Terms(900, 1)"), expects=Outcome.FAILS),
    edit(
        "an entry that is put into a table at module level",
        (_TERMS, "Terms(0, 1, has_survey=True)", "Terms(0, 1)"),
        expects=Outcome.FAILS,
    ),
    edit(
        "the default of a field of a named tuple",
        (_TERMS, "has_survey: bool = False", "has_survey: bool = True"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a price in a table",
        (_TERMS, "Terms(9_000, 1)", "Terms(10, 1)"),
        (_TERMS, "MINIMUM_CENTS = 500", "MINIMUM_CENTS = 5"),
        expects=Outcome.FAILS,
    ),
    edit("a class attribute that bounds a loop", (_TERMS, "copies = 1", "copies = 2"), expects=Outcome.FAILS),
    edit("a text in a class attribute", (_TERMS, '"reminder": "please pay"', '"reminder": "pay"')),
    edit("a factor that no run notices", (_TERMS, "GRACE_DAYS = 1", "GRACE_DAYS = 2")),
    edit("a sleep of no length", (_TERMS, "GRACE_DAYS = 1", "GRACE_DAYS = 0"), expects=Outcome.FAILS),
    edit("a comparison becomes strict", (_TERMS, "return cents >= max", "return cents > max"), expects=Outcome.FAILS),
    edit("how long an answer is waited for", (_TERMS, "ANSWER_SECONDS = 0.3", "ANSWER_SECONDS = 0.35")),
)
_MESSAGE_EDITS = (
    edit(
        "a message class gets a field without a default",
        (
            _MESSAGES,
            '    cents: int\n    reference: str = ""\n',
            '    cents: int\n    currency: str\n    reference: str = ""\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "another message class gets a field without a default",
        (_MESSAGES, "    reason: str\n", "    reason: str\n    at: str\n"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a message class gets a field with a default",
        (_MESSAGES, "    reason: str\n", '    reason: str\n    at: str = ""\n'),
    ),
    edit(
        "a field of a message class is renamed",
        (_MESSAGES, "    reason: str\n", "    why: str\n"),
        (_FLOWS, "cancelled.reason", "cancelled.why"),
        expects=Outcome.FAILS,
    ),
    edit("a topic is renamed", (_MESSAGES, '("payments")', '("receipts")'), expects=Outcome.EFFECT),
    edit(
        "a topic is renamed where it is received last",
        (_MESSAGES, '("cancellations")', '("terminations")'),
        expects=Outcome.NEW_WAY,
    ),
    edit(
        "a topic's constant is renamed",
        (_MESSAGES, "CANCELLATIONS =", "TERMINATIONS ="),
        (_FLOWS, "CANCELLATIONS", "TERMINATIONS"),
    ),
    edit("an event's key", (_MESSAGES, '("state")', '("phase")')),
    edit(
        "message classes move",
        (_MESSAGES, '@dataclass\nclass Cancelled:\n    """Somebody has had enough."""\n\n    reason: str\n', ""),
        (_MESSAGES, "from dbos_typed import", "from subscription.endings import Cancelled\nfrom dbos_typed import"),
        (
            "endings.py",
            "",
            (
                '"""How it ends."""\n\nfrom dataclasses import dataclass\n\n\n@dataclass\n'
                'class Cancelled:\n    """Somebody has had enough."""\n\n    reason: str\n'
            ),
        ),
    ),
)
_CALLS = (
    edit(
        "a helper sets another event",
        (
            _FLOWS,
            "    DBOS.set_event(STATE, state)\n",
            '    DBOS.set_event(STATE, state)\n    DBOS.set_event("changed", True)\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a sleep is inserted",
        (_FLOWS, '    announce("renewed")\n', '    DBOS.sleep(terms.DAY)\n    announce("renewed")\n'),
        expects=Outcome.FAILS,
    ),
    edit("a sleep is longer", (_FLOWS, "DBOS.sleep(30 * terms.DAY)", "DBOS.sleep(31 * terms.DAY)")),
    edit(
        "a handler catches another class",
        (_FLOWS, "except SubscriptionError as error", "except LookupError as error"),
        expects=Outcome.SHORTER,
    ),
    edit(
        "an exception has another base",
        (_MESSAGES, "class UnpaidError(SubscriptionError)", "class UnpaidError(Exception)"),
        expects=Outcome.SHORTER,
    ),
    edit(
        "an early return goes",
        (
            _FLOWS,
            "        actions.close(customer_id)\n        return cancelled.reason\n",
            "        actions.close(customer_id)\n",
        ),
        expects=Outcome.LONGER,
    ),
    edit(
        "a step is renamed with its function",
        (_ACTIONS, "def suspend", "def pause"),
        (_FLOWS, "actions.suspend", "actions.pause"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a step's function is renamed and its name kept",
        (_ACTIONS, "@DBOS.step()\ndef suspend", '@DBOS.step(name="suspend")\ndef pause'),
        (_FLOWS, "actions.suspend", "actions.pause"),
    ),
    edit(
        "a condition in a loop is new",
        (
            _FLOWS,
            "        remind(customer_id, number)\n",
            "        if number:\n            remind(customer_id, number)\n",
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a condition that holds always",
        (
            _FLOWS,
            "        remind(customer_id, number)\n",
            "        if number >= 0:\n            remind(customer_id, number)\n",
        ),
    ),
    edit(
        "the result of a workflow",
        (_FLOWS, 'return f"paid {cents}"', 'return f"paid {cents} cents"'),
        expects=Outcome.RESULT,
    ),
    edit(
        "a call moves into a helper",
        (
            _FLOWS,
            '        actions.suspend(customer_id)\n            announce("suspended")\n',
            "        stop(customer_id)\n",
        ),
        (
            _FLOWS,
            "@DBOS.workflow()\ndef subscribe",
            (
                'def stop(customer_id: str) -> None:\n    """End it for now."""\n'
                '    actions.suspend(customer_id)\n    announce("suspended")\n\n\n'
                "@DBOS.workflow()\ndef subscribe"
            ),
        ),
    ),
    edit(
        "a local goes",
        (
            _FLOWS,
            "    agreed = terms.terms_of(plan)\n    actions.activate(customer_id)\n",
            "    actions.activate(customer_id)\n    agreed = terms.terms_of(plan)\n",
        ),
    ),
    edit(
        "a parameter gets a default",
        (_FLOWS, "def renew(customer_id: str, plan: Plan)", "def renew(customer_id: str, plan: Plan = Plan.MONTHLY)"),
    ),
)

APPLICATION = Application(name="subscription", scenarios=SCENARIOS, edits=(*_VALUES, *_MESSAGE_EDITS, *_CALLS))
