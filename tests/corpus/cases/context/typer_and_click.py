import click
import typer

from dbos_typed import DBOS

app = typer.Typer()


@DBOS.workflow()
def migrate(table: str) -> int:
    DBOS.set_event("table", table)
    return len(table)


@app.command()
def run(table: str) -> None:
    handle = DBOS.start_workflow(migrate, table)
    typer.echo(handle.get_result())
    DBOS.set_event("table", table)  # E: dbos-context


@click.command()
@click.argument("table")
def cli(table: str) -> None:
    click.echo(DBOS.start_workflow(migrate, table).workflow_id)
    DBOS.recv("go")  # E: dbos-context


if __name__ == "__main__":
    app()
