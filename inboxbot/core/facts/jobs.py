"""Job titles are told from names of firms by the noun at their head, in nine languages."""

import re

# Nouns at the head of a job title. What ends in one is a role, not an employer.
_ROLE_WORDS = (
    "engineer engineering developer designer analyst scientist manager intern internship "
    "internships architect consultant specialist coordinator administrator assistant associate "
    "director lead technician nurse accountant researcher programmer officer executive "
    "representative recruiter writer editor buyer planner teacher professor lecturer "
    "operator advisor adviser strategist producer clerk supervisor trainee apprentice "
    "apprenticeship co-op head chef driver cashier barista carpenter electrician mechanic plumber "
    "postdoc fellow fellowship controller auditor marketer paralegal attorney counsel "
    "actuary economist statistician tester sdet devops sre librarian copywriter photographer "
    "bookkeeper receptionist tutor instructor trainer therapist pharmacist physician midwife "
    "translator interpreter curator archivist gardener florist baker waiter waitress secretary "
    "registrar bursar typesetter upholsterer sailmaker toolmaker watchmaker luthier stonemason "
    "aquarist illustrator animator merchandiser facilitator restorer conservator surveyor "
    "inspector "
    "dispatcher estimator optician optometrist dentist chemist physicist paramedic dietitian "
    "veterinarian housekeeper caretaker lifeguard journalist hydrologist technologist "
    "partner owner principal vp programme program scheme "
    # de: compounds end so as well (Softwareentwickler, Werkstudentin)
    "entwickler entwicklerin ingenieur ingenieurin analystin berater beraterin leiter leiterin "
    "werkstudent werkstudentin praktikant praktikantin praktikum sachbearbeiter sachbearbeiterin "
    "referent referentin mitarbeiter mitarbeiterin kaufmann kauffrau assistenz assistentin "
    "koordinator koordinatorin verkäufer verkäuferin designerin redakteur redakteurin techniker "
    "technikerin gestalter gestalterin pfleger pflegerin lehrer lehrerin erzieher erzieherin "
    "ausbildung volontariat trainerin fachkraft hilfskraft managerin buchhalter buchhalterin "
    # fr
    "ingénieur ingénieure développeur développeuse chargé chargée responsable chef cheffe "
    "assistant assistante comptable analyste stagiaire stage alternance alternant technicien "
    "technicienne conseiller conseillère directeur directrice concepteur conceptrice vendeur "
    "vendeuse rédacteur rédactrice infirmier infirmière gestionnaire consultante "
    # es, pt, it
    "ingeniero ingeniera desarrollador desarrolladora analista técnico técnica diseñador "
    "diseñadora gerente coordinador coordinadora asistente auxiliar administrativo "
    "administrativa becario becaria prácticas director directora consultor consultora jefe jefa "
    "vendedor vendedora enfermero enfermera contable encargado encargada especialista "
    "engenheiro engenheira desenvolvedor desenvolvedora gerente coordenador coordenadora "
    "assistente estagiário estagiária estágio designer técnico enfermeira enfermeiro "
    "sviluppatore sviluppatrice ingegnere impiegato impiegata responsabile addetto addetta "
    "tirocinante tirocinio stagista progettista consulente contabile commesso commessa "
    "gestor gestora infermiere infermiera direttore direttrice grafico grafica redattrice "
    "redattore "
    # nl
    "ontwikkelaar medewerker adviseur beheerder ingenieur verpleegkundige stagiair stagiaire "
    "projectleider leraar docent boekhouder vormgever monteur teamleider coördinator "
    "beleidsmedewerker "
    # pl
    "programista programistka inżynier specjalista specjalistka kierownik analityk analityczka "
    "asystent asystentka projektant projektantka księgowa księgowy doradca stażysta stażystka "
    "młodszy starszy "
    # sv, da, no
    "utvecklare ingenjör projektledare säljare sjuksköterska konsult ekonom chef handläggare "
    "samordnare lärare formgivare analytiker redovisningsekonom "
    "udvikler ingeniør projektleder sælger sygeplejerske konsulent medarbejder leder "
    "elektriker snedker snickare sagsbehandler koordinator lærer økonom bogholder utvikler "
    "rådgiver sykepleier "
).split()
_ROLES = frozenset(_ROLE_WORDS)
_ROLE_ENDINGS = tuple(
    "entwickler entwicklerin ingenieur ingenieurin leiter leiterin berater beraterin "
    "sachbearbeiter "
    "mitarbeiter mitarbeiterin assistent assistentin student studentin verkäufer techniker "
    "pfleger pflegerin lehrer lehrerin gestalter gestalterin medewerker leider ontwikkelaar "
    "adviseur beheerder utvecklare ingenjör ledare säljare handläggare sköterska ekonom "
    "ologist ographer udvikler ingeniør leder sælger medarbejder konsulent kaufmann kauffrau "
    "referent "
    "referentin praktikum ausbildung manager managerin".split()
)
_WORDS = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_AND_PARTNERS = re.compile(r"(?:&|\+|\b(?:and|und|et|y|e|en|och|og|i)) partners?\b")


def looks_like_role(text: str) -> bool:
    """Tell whether some word of `text` is the head of a job title."""
    return any(map(_is_role_word, _words_of(text)))


def ends_like_role(text: str) -> bool:
    """Tell whether `text` is a job title rather than a firm: "Data Analyst", "Analyst Program"."""
    words = _words_of(text)
    return any(_is_role_word(word) for word in (*words[:1], *words[-2:]))


def _words_of(text: str) -> list[str]:
    """Return the words of a title; "& Partner" names a firm."""
    return _WORDS.findall(_AND_PARTNERS.sub("", text.casefold()))


def _is_role_word(word: str) -> bool:
    return word in _ROLES or word.endswith(_ROLE_ENDINGS)
