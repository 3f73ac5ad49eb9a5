"""Edits of an agent: a model in a loop, with tools in a registry."""

from tests.codegen.edits.edit import Application, Outcome, Scenario, edit

_TOOLS, _LIMITS, _FLOWS = "tools.py", "limits.py", "flows.py"

SCENARIOS = (
    Scenario(
        name="long",
        workflow="solve",
        arguments='"{id}"',
        replies={"model/.*/0": "search: tea", "model/.*/1": "read: page", "model/.*/2": "echo: hm", "model/.*/3": "42"},
    ),
    Scenario(
        name="failing",
        workflow="solve",
        arguments='"{id}"',
        replies={"model/.*/0": "read: page", "model/.*/1": "fly: moon", "model/.*/2": "end", "fetch": "refuse: 404"},
    ),
    Scenario(
        name="endless",
        workflow="solve",
        arguments='"{id}"',
        replies={"model/": "echo: again"},
    ),
    Scenario(name="compare", workflow="compare", arguments='"{id}", ["a", "b", "c"]'),
)

_VALUES = (
    edit("an entry of a mapping that bounds a loop", (_LIMITS, '"turns": 4', '"turns": 2'), expects=Outcome.SHORTER),
    edit(
        "an entry of a mapping that bounds a loop grows", (_LIMITS, '"turns": 4', '"turns": 6'), expects=Outcome.LONGER
    ),
    edit("an entry of a mapping that nothing reads", (_LIMITS, '"tools": 3', '"tools": 5')),
    edit(
        "an element of a list that a helper looks into",
        (_LIMITS, '["search", "read", "echo"]', '["search", "echo"]'),
        expects=Outcome.FAILS,
    ),
    edit(
        "an element of a set that a condition looks into",
        (_LIMITS, 'BILLED = {"search"}', 'BILLED = {"search", "echo"}'),
        expects=Outcome.FAILS,
    ),
    edit(
        "the default of a field that bounds a loop",
        (_FLOWS, "retries: int = 1", "retries: int = 0"),
        expects=Outcome.FAILS,
    ),
    edit("the default of a field that nothing reads", (_FLOWS, 'greeting: str = "hello"', 'greeting: str = "hi"')),
    edit("a constant that bounds a slice", (_LIMITS, "MAX_PARALLEL = 2", "MAX_PARALLEL = 3"), expects=Outcome.FAILS),
    edit("a flag of another module", (_LIMITS, "VERBOSE = False", "VERBOSE = True"), expects=Outcome.FAILS),
    edit(
        "a parser that decides",
        (
            _FLOWS,
            "return Thought(tool, argument) if argument else Thought(None, text)",
            'return Thought(tool, argument) if argument and tool != "echo" else Thought(None, text)',
        ),
        expects=Outcome.SHORTER,
    ),
)
_REGISTRY = (
    edit(
        "a registered step is another",
        (_TOOLS, '@TOOLS.tool("search")\n@DBOS.step()', "@DBOS.step()"),
        (_TOOLS, '@TOOLS.tool("echo")', '@TOOLS.tool("search")\n@TOOLS.tool("echo")'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a registered helper makes another call",
        (_TOOLS, '    """Say it again."""\n', '    """Say it again."""\n    await bill(task_id, "echo")\n'),
        expects=Outcome.FAILS,
    ),
    edit(
        "a registered helper drops a call",
        (_TOOLS, "return await summarize(task_id, await fetch(task_id, url))", "return await fetch(task_id, url)"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a registered step has another stored name",
        (_TOOLS, '@TOOLS.tool("search")\n@DBOS.step()', '@TOOLS.tool("search")\n@DBOS.step(name="find")'),
        expects=Outcome.FAILS,
    ),
    edit("a tool goes", (_TOOLS, '@TOOLS.tool("read")\n', ""), expects=Outcome.FAILS),
    edit(
        "a tool that the model never names",
        (
            _TOOLS,
            '@TOOLS.tool("echo")',
            (
                '@TOOLS.tool("shout")\nasync def shout(task_id: str, text: str) -> str:\n'
                '    """Say it louder."""\n    return text.upper()\n\n\n@TOOLS.tool("echo")'
            ),
        ),
    ),
    edit(
        "a tool that the model begins to name",
        (_LIMITS, '"read", "echo"]', '"read", "echo", "fly"]'),
        (
            _TOOLS,
            '@TOOLS.tool("echo")',
            (
                '@TOOLS.tool("fly")\nasync def fly(task_id: str, text: str) -> str:\n'
                '    """Go there."""\n    return await summarize(task_id, text)\n\n\n'
                '@TOOLS.tool("echo")'
            ),
        ),
        expects=Outcome.FAILS,
    ),
    edit("a pure tool says something else", (_TOOLS, "    return text\n", "    return text.strip()\n")),
)
_MODELS = (
    edit("another model is injected", (_FLOWS, "Agent(SmallModel())", "Agent(CarefulModel())"), expects=Outcome.FAILS),
    edit(
        "an argument of the agent is set",
        (_FLOWS, "Agent(SmallModel())", "Agent(SmallModel(), retries=2)"),
        expects=Outcome.FAILS,
    ),
    edit(
        "the injected model makes another call",
        (
            _FLOWS,
            "        return parsed(await self.complete(task_id, turn))\n",
            '        await tools.bill(task_id, "model")\n        return parsed(await self.complete(task_id, turn))\n',
        ),
        expects=Outcome.FAILS,
    ),
    edit(
        "a model that is not injected makes no other call", (_FLOWS, "        await self.moderate(task_id, text)\n", "")
    ),
    edit(
        "an argument of the agent is spelled out",
        (_FLOWS, "Agent(SmallModel())", 'Agent(model=SmallModel(), greeting="hey")'),
    ),
)
_CALLS = (
    edit(
        "a handler catches another class",
        (_FLOWS, "except ToolError:", "except TimeoutError:"),
        expects=Outcome.SHORTER,
    ),
    edit("a handler catches more", (_FLOWS, "except ToolError:", "except (ToolError, TimeoutError):")),
    edit(
        "a context manager makes a call",
        (_TOOLS, "Callable, Iterator", "AsyncIterator, Callable"),
        (
            _TOOLS,
            "@contextlib.contextmanager\ndef traced(name: str) -> Iterator[None]:",
            "@contextlib.asynccontextmanager\nasync def traced(name: str) -> AsyncIterator[None]:",
        ),
        (
            _TOOLS,
            '    logger.debug("end %s", name)\n',
            '    await DBOS.set_event_async("tool", name)\n',
        ),
        (_FLOWS, "with tools.traced(name):", "async with tools.traced(name):"),
        expects=Outcome.FAILS,
    ),
    edit(
        "a step becomes a plain coroutine",
        (_TOOLS, "@DBOS.step()\nasync def summarize", "async def summarize"),
        expects=Outcome.FAILS,
    ),
    edit(
        "gathered calls are awaited one by one",
        (
            _FLOWS,
            "await asyncio.gather(*(tools.search(task_id, query) for query in queries[: limits.MAX_PARALLEL]))",
            "[await tools.search(task_id, query) for query in queries[: limits.MAX_PARALLEL]]",
        ),
    ),
    edit(
        "a recorded type changes",
        (
            _TOOLS,
            "async def summarize(task_id: str, text: str) -> str:",
            "async def summarize(task_id: str, text: str) -> list[str]:",
        ),
        (_TOOLS, "return text[:10]", "return [text[:10]]"),
        (
            _TOOLS,
            "return await summarize(task_id, await fetch(task_id, url))",
            "return (await summarize(task_id, await fetch(task_id, url)))[0]",
        ),
        (
            _FLOWS,
            'return await tools.summarize(task_id, " ".join(found))',
            'return (await tools.summarize(task_id, " ".join(found)))[0]',
        ),
        expects=Outcome.FAILS,
    ),
    edit("a helper is inlined", (_FLOWS, "for turn in limits.turns():", 'for turn in range(limits.BUDGET["turns"]):')),
    edit("a loop counts by itself", (_LIMITS, 'return range(BUDGET["turns"])', 'return range(0, BUDGET["turns"], 1)')),
    edit(
        "a condition is turned round",
        (
            _FLOWS,
            '        if not limits.is_allowed(name):\n            return "not allowed"\n        with',
            '        if limits.is_allowed(name) is False:\n            return "not allowed"\n        with',
        ),
    ),
    edit(
        "the answer is told in another way",
        (_FLOWS, 'DBOS.logger.debug("%s", answer)', 'DBOS.logger.debug("the answer of %s is %s", task_id, answer)'),
    ),
)

APPLICATION = Application(name="agent", scenarios=SCENARIOS, edits=(*_VALUES, *_REGISTRY, *_MODELS, *_CALLS))
