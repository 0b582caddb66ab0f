"""``topics models``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from topics.cli.app import app, topic_names
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
    terms: Annotated[bool, typer.Option("--terms", help="Show the strongest terms of each topic instead.")] = False,
) -> None:
    """Show a model's card, or its strongest terms."""
    from topics.render import print_terms, to_json
    from topics.workflows.models import show, strongest_terms

    card = show(model, models)
    if terms:
        print_terms(strongest_terms(model, models), sys.stdout, topic_names(card))
    else:
        typer.echo(to_json(card))


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
