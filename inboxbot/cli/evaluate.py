"""`inboxbot evaluate`: how good a model of this mail is on mail that it has not seen."""

from pathlib import Path

import click

from inboxbot.cli.options import labelled_mail
from inboxbot.core.text import for_terminal

_EPILOG = "Example: inboxbot evaluate --data labelled.jsonl --ham ordinary-mail/ --thorough"


@click.command(epilog=_EPILOG)
@labelled_mail
def evaluate(thorough: bool, **mail: tuple[Path, ...]) -> None:
    """Cross-validate on labelled mail, and print the figures as Markdown.

    No employer, wording group or form letter stands on both sides of a split; real mail is
    reported apart from other mail, each figure with its interval. The form of a line is that of
    `inboxbot train`.
    """
    from inboxbot.classify.bench import Mail  # noqa: PLC0415
    from inboxbot.classify.card import figures  # noqa: PLC0415  (scikit-learn takes a second)
    from inboxbot.classify.evaluate import evaluate as measure  # noqa: PLC0415

    found = measure(
        Mail(**mail),
        thorough=thorough,
        report=lambda step: click.echo(step, err=True),
    )
    click.echo(figures(found))
    click.echo("\n## The worst errors\n")
    for wrong in found.worst:
        line = f"{wrong.probability:.3f} {wrong.label}: {wrong.id}: {wrong.evidence[:160]}"
        click.echo(for_terminal(line))
