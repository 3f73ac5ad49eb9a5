"""Random signatures: the generated methods accept exactly the calls that the workflow itself accepts."""

import inspect
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from tests.codegen.projects import CONFIG, write_project

_SIGNATURES = 150
_CALLS = 25
# Among them are names that the generated methods have parameters of their own for.
_NAMES = ("a", "b", "c", "self", "queue", "instance", "config_name", "cls", "_self")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    name: str
    arguments: str
    is_accepted: bool


def _signature(source: random.Random) -> str:
    names = source.sample(_NAMES, len(_NAMES))
    parts: list[str] = []
    has_default = False
    only = source.randrange(3)
    for index in range(only + source.randrange(3)):
        has_default = has_default or source.random() < 0.3
        parts.append(f"{names.pop()}: int{' = 0' if has_default else ''}")
        if index == only - 1:
            parts.append("/")
    has_star = source.random() < 0.3
    if has_star:
        parts.append(f"*{names.pop()}: int")
    keyword_only = source.randrange(3)
    if keyword_only and not has_star:
        parts.append("*")
    parts.extend(f"{names.pop()}: int{source.choice(('', ' = 0'))}" for _ in range(keyword_only))
    if source.random() < 0.4:
        parts.append(f"**{names.pop()}: int")
    return ", ".join(parts)


def _call(source: random.Random, function: Callable[..., object], name: str) -> _Call:
    positional = [str(number) for number in range(source.randrange(5))]
    keywords = source.sample(_NAMES, source.randrange(4))
    # Often what is asked for, so that calls are accepted often enough.
    required = [
        parameter.name
        for parameter in list(inspect.signature(function).parameters.values())[len(positional) :]
        if parameter.default is inspect.Parameter.empty
        and parameter.kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    ]
    keywords = list(dict.fromkeys(required + keywords[: source.randrange(2)])) if source.random() < 0.7 else keywords
    try:
        # Called rather than bound: Python 3.11's `bind` refuses a keyword of `**kwargs` that a positional-only
        # parameter with a default has the name of.
        function(*positional, **dict.fromkeys(keywords, 0))
        is_accepted = True
    except TypeError:
        is_accepted = False
    return _Call(
        name=name, arguments=", ".join([*positional, *(f"{word}=0" for word in keywords)]), is_accepted=is_accepted
    )


@pytest.mark.slow
def test_generated_methods_accept_exactly_the_calls_that_the_workflow_accepts(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    seed = random.randrange(2**32)  # noqa: S311  # no secret
    source = random.Random(seed)  # noqa: S311  # as above
    signatures = {f"flow_{number}": _signature(source) for number in range(_SIGNATURES)}
    text = "from dbos_typed import DBOS\n" + "".join(
        f"\n\n@DBOS.workflow()\ndef {name}({parameters}) -> int:\n    return 0\n"
        for name, parameters in signatures.items()
    )
    config = load(write_project(tmp_path, {"shop/workflows.py": text}, config=CONFIG))
    result = pipeline.generate(config, use_cache=False)
    assert result.diagnostics == ()

    calls: list[_Call] = []
    for name, parameters in signatures.items():
        scope: dict[str, Any] = {}
        exec(f"def {name}({parameters}): ...", scope)  # noqa: S102  # made above
        calls.extend(_call(source, scope[name], name) for _ in range(_CALLS))
    assert {call.is_accepted for call in calls} == {True, False}

    head = "from dbos_typed import Queue\nfrom shop.generated import workflows as w\nq = Queue('q')\n"
    lines = [f"w.{call.name}.start({call.arguments})" for call in calls]
    lines += [f"w.{call.name}.enqueue({', '.join(filter(None, ['q', call.arguments]))})" for call in calls]
    (tmp_path / "use.py").write_text(head + "".join(f"{line}\n" for line in lines))
    assert pytestconfig.cache is not None
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", "--cache-dir",
         str(pytestconfig.cache.mkdir("mypy-codegen-property")), "use.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    rejected = {int(line.split(":")[1]) for line in found.stdout.splitlines() if line.startswith("use.py:")}
    assert found.stderr == ""
    wrong = [
        f"def {call.name}({signatures[call.name]}): {line} is {'rejected' if call.is_accepted else 'accepted'}"
        for number, (line, call) in enumerate(zip(lines, calls * 2, strict=True), start=len(head.splitlines()) + 1)
        if (number in rejected) is call.is_accepted
    ]
    assert wrong == [], f"seed {seed}"
