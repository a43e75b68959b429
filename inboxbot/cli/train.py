"""`inboxbot train`: make a model from labelled mail."""

from pathlib import Path

import click

_EPILOG = "Example: inboxbot train --data labelled.jsonl --ham ordinary-mail/ --out models"


@click.command(epilog=_EPILOG)
@click.option(
    "--data",
    multiple=True,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="Labelled mail, JSON Lines (a file or a folder of them). May be given several times.",
)
@click.option(
    "--ham",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="A folder of ordinary .eml mail, none of it about jobs.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where rejection.model and CARD.md go.",
)
def train(data: tuple[Path, ...], ham: tuple[Path, ...], out: Path) -> None:
    """Train the classifier and write it with its card. Uses scikit-learn; running does not.

    A line of labelled mail is an object with label, subject, from, body, lang; and, where known,
    html, id, set, kind (real, template, synthetic, written), company and group.
    """
    from inboxbot.classify.train import train as fit  # noqa: PLC0415  (scikit-learn takes a second)

    fit(data=data, ham=ham, out=out)
    click.echo(f"{out / 'rejection.model'} and {out / 'CARD.md'} written", err=True)
