"""Syntax as text that every version of Python writes alike."""

import ast

import pytest

from dbos_gen.syntax.unparsing import written


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("total > LIMIT and not done", "total > LIMIT and (not done)"),
        ("f'{name}-{number!r:>5}'", "f'{name}-{number!r:>5}'"),
        ("f\"{found['key']} is {{x}}\"", "'{} is {{x}}'.format(found['key'])"),
        ("f'''a\n\"{x!r}\"'''", "'a\\n\"{!r}\"'.format(x)"),
        ("f\"{x['a']:>{width}}\"", "'{:{}}'.format(x['a'], '>{}'.format(width))"),
        ("f\"{x:{y['a']}}\"", "'{:{}}'.format(x, '{}'.format(y['a']))"),
        ("f\"{f'{a}b'}\"", "'{}'.format('{}b'.format(a))"),
    ],
)
def test_text(source: str, expected: str) -> None:
    assert written(ast.parse(source, mode="eval").body) == expected


def test_the_syntax_itself_is_not_changed() -> None:
    node = ast.parse("f\"{found['key']}\"", mode="eval").body
    before = ast.dump(node)
    written(node)
    assert ast.dump(node) == before
