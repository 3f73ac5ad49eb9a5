"""Help shows what its texts say, whatever is in brackets."""

import ast
import inspect
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from dbos_gen import cli
from dbos_gen.cli import app


def _texts() -> Iterator[str]:
    """Yield the texts of all commands and their options."""
    for node in ast.walk(ast.parse(inspect.getsource(cli))):
        match node:
            case ast.Call(keywords=keywords):
                given = (ast.literal_eval(word.value) for word in keywords if word.arg == "help")
                yield from map(str, given)
            case ast.FunctionDef(decorator_list=[ast.Call(func=ast.Attribute(attr="command"))]):
                yield ast.get_docstring(node) or ""
            case _:
                pass


def _help(*command: str) -> str:
    return "".join(CliRunner().invoke(app, [*command, "--help"]).stdout.split())


def test_no_word_of_a_help_text_is_lost() -> None:
    names = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    shown = "\n".join([_help(), *map(_help, names)])
    texts = list(_texts())
    assert len(texts) > len(names)
    for text in texts:
        assert "".join(text.split()) in shown


@pytest.mark.parametrize("command", ["init", "check"])
def test_names_in_brackets_are_shown(command: str) -> None:
    assert "[tool.dbos-gen]" in _help(command)


@pytest.mark.parametrize("arguments", [("explain", "[tool.x]"), ("[tool.x]",), ("--format", "[tool.x]")])
def test_brackets_of_messages_are_kept(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, list(arguments))
    assert (result.exit_code, "[tool.x]" in result.stderr) == (2, True)
