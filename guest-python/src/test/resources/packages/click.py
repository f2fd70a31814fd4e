import click
from click.testing import CliRunner


@click.group()
@click.option("--verbose/--quiet", default=False)
@click.pass_context
def cli(ctx, verbose):
    """A tool."""
    ctx.obj = verbose


@cli.command()
@click.argument("names", nargs=-1, required=True)
@click.option("-n", "--count", type=click.IntRange(1, 3), default=1, show_default=True)
@click.pass_obj
def greet(verbose, names, count):
    """Greets."""
    for name in names * count:
        click.echo(f"hello {name}{'!' if verbose else ''}")


for args in (["--verbose", "greet", "a", "b"], ["greet", "-n", "5", "x"], ["greet", "--help"], ["no"]):
    result = CliRunner().invoke(cli, args, prog_name="tool")
    print(result.exit_code, result.output)
