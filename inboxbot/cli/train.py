"""`inboxbot train`: make a model from labelled mail."""

from pathlib import Path

import click

from inboxbot.cli.options import labelled_mail

_EPILOG = "Example: inboxbot train --data labelled.jsonl --ham ordinary-mail/ --out models"


@click.command(epilog=_EPILOG)
@labelled_mail
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where rejection.model, its card and their hashes go.",
)
def train(out: Path, thorough: bool, **mail: tuple[Path, ...]) -> None:
    """Train the classifier and write it with its card. Uses scikit-learn; running does not.

    A line of labelled mail is an object with id, set, kind (real, template, synthetic, written),
    label, subject, from, body, lang; and, where known, html, company, group, and of a rejection
    evidence (the decision, as it stands in the body).
    """
    from inboxbot.classify.bench import Mail  # noqa: PLC0415  (scikit-learn takes a second)
    from inboxbot.classify.train import train as fit  # noqa: PLC0415

    fit(
        Mail(**mail),
        out,
        thorough=thorough,
        report=lambda step: click.echo(step, err=True),
    )
    click.echo(f"{out / 'rejection.model'} and {out / 'CARD.md'} written", err=True)
