"""Days and spans of days as the report writes them."""

from datetime import date

from inboxbot.letters.words import Words


def period_of(first: date, last: date, words: Words) -> str:
    """Return both days; the month and the year once where they are the same."""
    if first == last:
        return words.day_and_year(first)
    form = "month" if first.month == last.month else "months_apart"
    return words.phrases.say(
        f"dates.{form if first.year == last.year else 'years_apart'}",
        first_day=first.day, first_month=words.month(first), first_year=first.year,
        last_day=last.day, last_month=words.month(last), last_year=last.year,
    )  # fmt: skip


def short_day(day: date, words: Words) -> str:
    """Return "22 Nov 2026"."""
    month = words.phrases.all("report.calendar.months")[day.month - 1]
    return words.phrases.say("dates.day_and_year", day=day.day, month=month, year=day.year)
