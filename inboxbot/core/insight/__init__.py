"""Patterns in a job search: the journal → what sets some applications apart. Pure.

    WeekLog | rows: an application each | comparisons: a group against all others
           | exact tests, corrected for all that was looked at | Pattern, best first

A pattern is a difference in counts that chance alone hardly makes. It says nothing of causes, so
it is told as a question (`letters.patterns`).
"""

from inboxbot.core.insight.comparisons import Comparison, Kind
from inboxbot.core.insight.exact import Rate
from inboxbot.core.insight.patterns import Pattern, patterns_in
from inboxbot.core.insight.titles import Level

__all__ = ["Comparison", "Kind", "Level", "Pattern", "Rate", "patterns_in"]
