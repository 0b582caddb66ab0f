"""``topics models``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from topics.cli.app import app
from topics.cli.options import StoreOption

models_app = typer.Typer(help="List, show, promote and verify models.", no_args_is_help=True)
app.add_typer(models_app, name="models")


@models_app.command("list")
def models_list(models: StoreOption = None) -> None:
    """List the models of the store."""
    from topics.render import print_models
    from topics.workflows.models import catalogue

    print_models(catalogue(models), sys.stdout)


@models_app.command("show")
def models_show(
    model: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Model id or path; default: the current one.")
    ] = None,
    models: StoreOption = None,
) -> None:
    """Show a model's card."""
    from topics.render import to_json
    from topics.workflows.models import show

    typer.echo(to_json(show(model, models)))


@models_app.command("promote")
def models_promote(
    model: Annotated[
        str, typer.Argument(metavar="ID", help="Model to make the current one; also the way back to an earlier one.")
    ],
    models: StoreOption = None,
) -> None:
    """Make a model the current one."""
    from topics.workflows.models import promote

    previous = promote(model, models)
    typer.echo(f"{model} is now current (before: {previous or 'none'})", err=True)


@models_app.command("verify")
def models_verify(
    model: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Model id or path; default: the current one.")
    ] = None,
    models: StoreOption = None,
) -> None:
    """Check that a model is whole, unchanged and made for the segmenter here."""
    from topics.workflows.models import verify

    found = verify(model, models)
    typer.echo(f"{found['id']}: whole, {found['terms']} terms, topics {', '.join(found['topics'])}")
