"""An answer to the user → whether the employer wants to go on after all. Pure."""

import re

from inboxbot.core.joining import goes_on
from inboxbot.core.types import Label, Reading

_WORK = re.compile(
    r"\b(?:position|role|job|contract|salary|start(?:ing)? date|stelle|vertrag|gehalt|poste|contrat"
    r"|salaire|puesto|contrato|sueldo|posto|contratto|stipendio|functie|baan|salaris|vaga|cargo"
    r"|salário|stanowisk\w*|umow\w*|tjänst\w*|anställning\w*|lön|stilling\w*|kontrakt\w*|løn)\b",
    re.IGNORECASE,
)
# Said after a no, this is more than politeness.
_WANTED = re.compile(
    r"\b(?:(?:would|are) you still (?:be )?(?:interested|available|open|up)(?! (?:in|for|to) "
    r"(?:\w+ )?(?:feedback|future|other|similar))"
    r"|offer you (?:the|this) (?:position|role|job|post)"
    r"|(?:hätten|haben|sind|wären) sie (?:noch|weiterhin) (?:\S+ )?(?:interess|verfügbar)"
    r"|(?:hättest|hast|bist|wärst) du (?:noch|weiterhin) (?:\S+ )?(?:interess|verfügbar)"
    r"|(?:seriez|êtes)-vous (?:toujours|encore) (?:\S+ )?(?:intéress|disponible)"
    r"|(?:sigues|sigue|seguirías|seguiría) (?:estando )?(?:interesad|disponible)"
    r"|(?:è|sei|sarebbe|saresti) ancora (?:interessat|disponibil)"
    r"|(?:ben|bent|heb|hebt|zou) (?:je|jij|u) nog (?:\S+ )?(?:interesse|geïnteresseerd|beschikbaar)"
    r"|(?:ainda (?:está|estaria|tem)|continua) (?:interess|disponível)"
    r"|(?:nadal|wciąż) (?:jest|byłaby|byłby) (?:pani|pan) zainteresowan"
    r"|är du fortfarande (?:intresserad|tillgänglig)|er du (?:stadig|fortsat) interesser)",
    re.IGNORECASE,
)

_REFUSED = re.compile(
    r"(?:\b(?:not|cannot|unable to|never)|n\Wt) (?:be able to |in a position to )?offer you\b",
    re.IGNORECASE,
)


def takes_up_again(reading: Reading) -> bool:
    """Tell whether an answer takes up the talk; an offer must be one of work, not of advice."""
    facts, words = reading.facts, " ".join(reading.message.text.split())
    if facts.takes_back:
        return True
    if facts.offers_feedback or facts.gives_feedback or facts.refuses_feedback:
        return False  # about the talk that was, perhaps in another one
    if _WANTED.search(words) and not _REFUSED.search(words):
        return True
    if reading.verdict.label is Label.OFFER:
        return _WORK.search(words) is not None
    return goes_on(reading)
