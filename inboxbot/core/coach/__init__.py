"""A report for somebody else's eyes: names, addresses and numbers in it → letters and marks. Pure.

    events, history, owners | names_in | Disguise.of(report) | a Report, and what was replaced

Employers become "Employer A", "Employer B", the same one by the same letter; people "[name]". What
is known from the journal is found again in every text: in any case, inflected, hyphenated, joined
("Northwinds", "NORTHWIND-MAPS", "northwindmaps"). Free text may still tell; the page says so.
"""

from inboxbot.core.coach.disguise import Disguise, Kind, Wording
from inboxbot.core.coach.known import Known, PlainWords, names_in

__all__ = ["Disguise", "Kind", "Known", "PlainWords", "Wording", "names_in"]
