"""The user's rules for asking, as frozen values; `inboxbot.settings` reads them from TOML."""

from dataclasses import dataclass, replace
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily span, by the clock on the wall, in which nothing is written; may span midnight."""

    start: time
    end: time

    def hold(self, moment: time) -> bool:
        """Tell whether `moment` lies in the span."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`[policy]`: whether, whom and when to ask."""

    ask: str = "reachable"
    draft_threshold: float | None = None  # None: the model's own
    review_threshold: float | None = None
    delay: timedelta = timedelta(0)
    quiet_hours: QuietHours | None = QuietHours(time(20), time(8))
    max_age: timedelta = timedelta(days=14)
    ask_again_after: timedelta = timedelta(days=30)
    drafts_per_day: int = 10
    withdraw_after: timedelta = timedelta(days=14)
    no_answer_after: int = 10  # working days after a question was sent
    thank_when_refused: bool = False
    never_ask: tuple[str, ...] = ()  # addresses, domains or employers' names


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which probability of rejection on something is done; defaults: the model's card."""

    draft: float  # a rejection, and acted on
    review: float  # up to `draft`: the summary asks the user
    experimental_languages: frozenset[str] = frozenset()  # too little measured: never a draft

    def overridden(self, *, draft: float | None, review: float | None) -> "Thresholds":
        """Return the thresholds with the user's own in place of the model's."""
        draft = self.draft if draft is None else draft
        review = min(self.review if review is None else review, draft)
        return replace(self, draft=draft, review=review)
