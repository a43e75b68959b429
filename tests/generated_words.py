"""The words of generated journals: titles, subjects, sentences, in English and German."""

import random
from collections.abc import Mapping

from inboxbot.core.plan import EventKind
from inboxbot.core.types import Label

_FIRST = (
    "Alder Birch Cinder Dune Ember Fjord Garnet Harbour Indigo Juniper Kestrel Lantern Meadow "
    "Nimbus Orchard Pebble Quarry Rowan Saffron Thistle Umber Velvet Willow Yarrow Zephyr"
).split()
_SECOND = (
    "Analytics Works Foods Health Labs Mobility Energy Press Studios Logistics Learning Banking "
    "Systems Travel Textiles Robotics"
).split()


def employer_name(number: int, rng: random.Random) -> str:
    """Return a name that no other application has until all four hundred are used up."""
    first, second = divmod(number * 7 % (len(_FIRST) * len(_SECOND)), len(_SECOND))
    rounds = number // (len(_FIRST) * len(_SECOND))
    name = f"{_FIRST[first]} {_SECOND[second]}"
    return f"{name} {rng.choice(('North', 'South', 'Europe'))}" if rounds else name


TITLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "engineering": {
        "en": ("Software Engineer", "Backend Developer", "Site Reliability Engineer"),
        "de": ("Softwareentwicklerin", "Entwicklungsingenieurin", "DevOps Engineer"),
    },
    "design": {
        "en": ("Product Designer", "UX Researcher", "Graphic Designer"),
        "de": ("UX-Designerin", "Mediengestalterin", "Produktdesignerin"),
    },
    "data": {
        "en": ("Data Scientist", "Data Analyst", "Machine Learning Engineer"),
        "de": ("Datenanalystin", "Data Engineer", "Statistikerin"),
    },
    "product": {
        "en": ("Product Manager", "Product Owner"),
        "de": ("Produktmanagerin", "Product Owner"),
    },
    "marketing": {
        "en": ("Marketing Manager", "Content Strategist", "Copywriter"),
        "de": ("Marketingreferentin", "Online-Redakteurin", "Texterin"),
    },
    "people": {
        "en": ("HR Business Partner", "Recruiter"),
        "de": ("Personalreferentin", "Recruiterin"),
    },
    "finance": {
        "en": ("Financial Controller", "Accountant"),
        "de": ("Finanzbuchhalterin", "Controllerin"),
    },
    "operations": {
        "en": ("Operations Manager", "Supply Chain Planner"),
        "de": ("Logistikplanerin", "Einkäuferin"),
    },
}

SUBJECTS: Mapping[str, Mapping[Label, str]] = {
    "en": {
        Label.OUTREACH: "{role} at {employer}: would you be open to a chat?",
        Label.ACKNOWLEDGEMENT: "We have your application: {role}",
        Label.ASSESSMENT: "Your exercise for the {role} role",
        Label.INTERVIEW: "Let's talk: {role} at {employer}",
        Label.REJECTION: "Your application for {role}",
        Label.OFFER: "Your offer from {employer}",
    },
    "de": {
        Label.OUTREACH: "{role} bei {employer}: Hätten Sie Interesse?",
        Label.ACKNOWLEDGEMENT: "Ihre Bewerbung als {role} ist da",
        Label.ASSESSMENT: "Ihre Aufgabe zur Stelle {role}",
        Label.INTERVIEW: "Gespräch zur Stelle {role}",
        Label.REJECTION: "Ihre Bewerbung als {role}",
        Label.OFFER: "Unser Angebot an Sie",
    },
}

EVIDENCE: Mapping[str, Mapping[str, str]] = {
    "en": {
        Label.OUTREACH: "I am filling a {role} position and thought of you.",
        Label.ACKNOWLEDGEMENT: "We have received your application for the {role} position.",
        "referral": "You were referred to {employer} by one of our employees.",
        Label.ASSESSMENT: "Please send us your solution within a week.",
        Label.INTERVIEW: "We would like to get to know you in a first conversation.",
        Label.REJECTION: "We have decided to go on with other applicants for the {role} position.",
        Label.OFFER: "We are happy to offer you the {role} position.",
    },
    "de": {
        Label.OUTREACH: "Ich besetze gerade eine Stelle als {role} und habe an Sie gedacht.",
        Label.ACKNOWLEDGEMENT: "Ihre Bewerbung als {role} ist bei uns eingegangen.",
        "referral": "Sie wurden uns von einer Kollegin empfohlen.",
        Label.ASSESSMENT: "Bitte schicken Sie uns Ihre Lösung innerhalb einer Woche.",
        Label.INTERVIEW: "Wir möchten Sie gern in einem ersten Gespräch kennenlernen.",
        Label.REJECTION: "Wir haben uns für andere Bewerbungen als {role} entschieden.",
        Label.OFFER: "Wir möchten Ihnen die Stelle als {role} anbieten.",
    },
}

REFLECTIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "well": (
            "I had two examples ready and told them in order.",
            "I stayed calm when they went through my CV.",
            "Good questions to them at the end, they liked the one about the team.",
            "We laughed a lot, I felt welcome.",
        ),
        "differently": (
            "I talked far too long about the first project.",
            "Give a concrete example instead of saying that I am good with people.",
            "I had no idea what to say when they asked for my salary expectations.",
            "I should have read more about the company beforehand.",
            "I was so nervous that I forgot to ask anything.",
            "Explain the gap in 2023 in one sentence, and move on.",
        ),
    },
    "de": {
        "well": (
            "Ich hatte zwei Beispiele parat und habe sie der Reihe nach erzählt.",
            "Diesmal war ich ruhig und habe nachgefragt.",
            "Meine Fragen am Ende kamen gut an.",
        ),
        "differently": (
            "Ich habe viel zu lange über das erste Projekt geredet.",
            "Beim Gehalt war ich nicht vorbereitet und habe eine zu niedrige Zahl genannt.",
            "Mehr über die Firma lesen, ich wusste nicht einmal, was sie verkaufen.",
            "Ich war so nervös, dass mir das Beispiel nicht mehr einfiel.",
        ),
    },
}

FEEDBACK: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    EventKind.FEEDBACK_RECEIVED: {
        "en": (
            (
                "Thanks for asking. The panel liked you. What was missing were concrete examples: "
                "you described what the team did, and we could not see your part.\n\nAll the best"
            ),
            "Happy to share: your answers were long, and we ran out of time before the case.",
            "To be honest it was close. Another candidate had worked in healthcare before.",
        ),
        "de": (
            (
                "Danke für die Nachfrage. Fachlich war alles gut, uns fehlten nur konkrete "
                "Beispiele aus der Praxis.\n\nViele Grüße"
            ),
            (
                "Gern: Wir hatten den Eindruck, dass Sie sich mit unserem Unternehmen noch wenig "
                "beschäftigt hatten."
            ),
        ),
    },
    EventKind.FEEDBACK_DECLINED: {
        "en": ("We do not give individual feedback, I hope you understand.",),
        "de": ("Leider können wir keine einzelnen Rückmeldungen geben.",),
    },
}
