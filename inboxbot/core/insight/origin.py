"""Mails of one application → the way it came in, and the tracking system that wrote. Pure."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from inboxbot.core.guards import Senders, registrable, under
from inboxbot.core.types import Label


class Source(StrEnum):
    """How an employer came to know of the user, as far as the mails tell."""

    REFERRAL = "referral"
    RECRUITER = "recruiter"  # somebody wrote first: an agency, or the employer's own
    BOARD = "board"
    DIRECT = "direct"  # no mail tells of anything in between


_REFERRED = re.compile(
    r"\b(?:you were|been|was|were|got) (?:referred|recommended) (?:to us |to [\w .&-]{2,40} )?by\b"
    r"|\breferred you\b|\b(?:employee|internal|personal|your) referral\b|\bthe referral\b"
    r"|\breferral (?:from|of|by)\b"
    r"|\b(?:auf|durch) (?:\w+ )?empfehlung\b|\bempfohlen (?:von|durch|worden|wurde)"
    r"|\bwurde[nst]* (?:uns )?(?:\w+ ){0,4}empfohlen\b|\bmitarbeiterempfehlung"
    r"|\brecommandée? par\b|\bcoopté|\bsur recommandation\b|\brecomendad[oa] por\b"
    r"|\breferid[oa] por\b|\bsegnalat[oa] da\b|\baanbevolen door\b|\bindicad[oa] por\b"
    r"|\bpolecon[aey]\w* przez\b|\brekommenderad av\b|\banbefalet (?:af|av)\b",
    re.IGNORECASE,
)
# The first label of a vendor's domain, as it begins → the name that users know. Vendors that set
# dates or tests are none: an application does not come in through them.
_SYSTEMS = {
    "greenhouse": "Greenhouse", "lever": "Lever", "myworkday": "Workday", "ashby": "Ashby",
    "smartrecruiters": "SmartRecruiters", "icims": "iCIMS", "workable": "Workable",
    "teamtailor": "Teamtailor", "breezy": "Breezy", "rippling": "Rippling", "gem": "Gem",
    "applytojob": "JazzHR", "jazzhr": "JazzHR", "oraclecloud": "Oracle", "taleo": "Oracle Taleo",
    "successfactors": "SuccessFactors", "sapsf": "SuccessFactors", "brassring": "BrassRing",
    "tal": "Oleeo", "ultipro": "UKG", "ukg": "UKG", "avature": "Avature", "join": "JOIN",
    "paycomonline": "Paycom", "ceipal": "CEIPAL", "allibo": "Allibo", "jobvite": "Jobvite",
    "bamboohr": "BambooHR", "personio": "Personio", "recruitee": "Recruitee",
    "eightfold": "Eightfold", "phenompeople": "Phenom", "pinpointhq": "Pinpoint",
    "comeet": "Comeet", "dayforce": "Dayforce", "paylocity": "Paylocity", "adp": "ADP",
    "hibob": "HiBob", "softgarden": "softgarden", "zohorecruit": "Zoho Recruit",
    "trakstar": "Trakstar", "pageuppeople": "PageUp", "csod": "Cornerstone",
    "newtonsoftware": "Newton", "mynexthire": "MyNextHire", "erecruiter": "eRecruiter",
    "governmentjobs": "NEOGOV", "interfolio": "Interfolio", "hr-manager": "HR Manager",
    "gupy": "Gupy",
}  # fmt: skip


def source_of(mails: Iterable[Mapping[str, Any]], senders: Senders) -> Source:
    """Return the way an application came in, from what was noted of its mails."""
    found = set()
    for mail in mails:
        if _REFERRED.search(f"{mail.get('subject') or ''}\n{mail.get('evidence') or ''}"):
            found.add(Source.REFERRAL)
        if mail.get("label") == Label.OUTREACH:
            found.add(Source.RECRUITER)
        if under(_domain(mail), senders.boards):
            found.add(Source.BOARD)
    return next((source for source in Source if source in found), Source.DIRECT)


def system_of(mails: Iterable[Mapping[str, Any]], senders: Senders) -> str:
    """Return the name of the tracking system that wrote first, "" for none."""
    for mail in mails:
        domain = _domain(mail)
        if under(domain, senders.vendors):
            label = registrable(domain).partition(".")[0]
            name = next((name for start, name in _SYSTEMS.items() if label.startswith(start)), "")
            if name:
                return name
    return ""


def _domain(mail: Mapping[str, Any]) -> str:
    return str(mail.get("from") or "").rpartition("@")[2]
