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
    "hygienist practitioner steward stewardess seamstress deckhand cook bartender brewer butcher "
    "tailor welder roofer joiner machinist fitter bricklayer plasterer labourer laborer cleaner "
    "porter warden ranger courier picker packer teller underwriter broker solicitor barrister "
    "conveyancer headteacher walker postman firefighter phlebotomist radiographer counsellor "
    "counselor carer caregiver childminder nanny hairdresser stylist beautician dancer musician "
    "valuer auctioneer landscaper groom handler adjuster negotiator rvn swe sdr bdr "
    "partner owner principal vp programme program scheme "
    # de: compounds end so as well (Softwareentwickler, Werkstudentin)
    "entwickler entwicklerin ingenieur ingenieurin analystin berater beraterin leiter leiterin "
    "werkstudent werkstudentin praktikant praktikantin praktikum sachbearbeiter sachbearbeiterin "
    "referent referentin mitarbeiter mitarbeiterin kaufmann kauffrau assistenz assistentin "
    "koordinator koordinatorin verkäufer verkäuferin designerin redakteur redakteurin techniker "
    "technikerin gestalter gestalterin pfleger pflegerin lehrer lehrerin erzieher erzieherin "
    "ausbildung volontariat trainerin fachkraft hilfskraft managerin buchhalter buchhalterin "
    "kellner kellnerin koch köchin bäcker bäckerin konditor metzger fleischer maler lackierer "
    "schweißer schweisser schlosser tischler schreiner zimmerer dachdecker maurer gärtner "
    "gärtnerin friseur friseurin hausmeister florist floristin volontär volontärin arzt ärztin "
    "sozialarbeiter sozialpädagoge sozialpädagogin dolmetscher übersetzer übersetzerin "
    "professur juniorprofessur sachbearbeitung auszubildende auszubildender servicekraft "
    # fr
    "ingénieur ingénieure développeur développeuse chargé chargée responsable chef cheffe "
    "assistant assistante comptable analyste stagiaire stage alternance alternant technicien "
    "technicienne conseiller conseillère directeur directrice concepteur conceptrice vendeur "
    "vendeuse rédacteur rédactrice infirmier infirmière gestionnaire consultante "
    "professeur professeure enseignant enseignante boulanger boulangère cuisinier cuisinière "
    "serveur serveuse agent soudeur menuisier maçon plombier électricien jardinier coiffeur "
    "coiffeuse chauffeur magasinier préparateur secrétaire éducateur éducatrice aide-soignant "
    "aide-soignante soignant caissier caissière architecte juriste bibliothécaire "
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
    "mecánico mecánica recepcionista cocinero cocinera camarero camarera conductor carpintero "
    "albañil soldador electricista jardinero peluquero dependiente dependienta profesor profesora "
    "abogado abogada arquitecto arquitecta médico médica limpiador panadero fontanero mozo "
    "cameriere cameriera cuoco cuoca panettiere tornitore saldatore falegname elettricista "
    "idraulico magazziniere autista segretario segretaria istruttore istruttrice insegnante "
    "pasticcere barista parrucchiere educatore educatrice architetto avvocato operaio operaia "
    "bibliotecario "
    "ajudante padeiro cozinheiro cozinheira motorista eletricista soldador carpinteiro pedreiro "
    "professora advogado advogada arquiteto arquiteta médico rececionista empregado empregada "
    "educador educadora operador operadora bibliotecária canalizador "
    # nl
    "ontwikkelaar medewerker adviseur beheerder ingenieur verpleegkundige stagiair stagiaire "
    "projectleider leraar docent boekhouder vormgever monteur teamleider coördinator "
    "beleidsmedewerker banketbakker bakker kok ober serveerster lasser timmerman loodgieter "
    "elektricien schilder hovenier kapper chauffeur verzorgende verpleger schoonmaker magazijnier "
    "kassamedewerker conciërge secretaresse receptioniste onderwijzer begeleider jurist advocaat "
    # pl
    "programista programistka inżynier specjalista specjalistka kierownik analityk analityczka "
    "asystent asystentka projektant projektantka księgowa księgowy doradca stażysta stażystka "
    "młodszy starszy operator magazynier kierowca kucharz kucharka kelner kelnerka piekarz "
    "spawacz ślusarz elektryk hydraulik stolarz murarz ogrodnik fryzjer fryzjerka sprzedawca "
    "nauczyciel nauczycielka pielęgniarka pielęgniarz ratownik lekarz sekretarka recepcjonista "
    "recepcjonistka florysta florystka tester testerka opiekun opiekunka kasjer mechanik "
    # sv, da, no
    "utvecklare ingenjör projektledare säljare sjuksköterska konsult ekonom chef handläggare "
    "samordnare lärare formgivare analytiker redovisningsekonom "
    "udvikler ingeniør projektleder sælger sygeplejerske konsulent medarbejder leder "
    "elektriker snedker snickare sagsbehandler koordinator lærer økonom bogholder utvikler "
    "rådgiver sykepleier undersköterska barnskötare förskollärare kock bagare servitör servitris "
    "svetsare målare rörmokare kurator bibliotekarie vårdare städare lokalvårdare butiksbiträde "
    "tømrer pædagog kok bager tjener kellner maler murer frisør gartner rengøringsassistent "
    "pædagogmedhjælper barnehagelærer tømmermann helsefagarbeider servitør "
).split()
_ROLES = frozenset(_ROLE_WORDS)
# Trades that families are called after: "Anna Koch" and "Thomas Cook" are no jobs.
_SURNAMES = frozenset(
    "chef driver carpenter plumber gardener baker writer buyer fellow head clerk librarian "
    "mechanic "
    "cook brewer butcher tailor joiner porter steward ranger cleaner packer teller warden carer "
    "welder groom handler dancer principal walker "
    "koch bäcker konditor metzger fleischer maler lackierer schlosser tischler schreiner zimmerer "
    "maurer gärtner schweißer schweisser kellner arzt friseur "
    "boulanger cuisinier serveur menuisier maçon jardinier soudeur agent chauffeur "
    "conductor mozo fontanero panadero carpintero abogado "
    "bakker kok ober lasser timmerman schilder kapper hovenier "
    "kucharz piekarz murarz stolarz kock maler murer gartner kok tømrer".split()
)
_ROLE_ENDINGS = tuple(
    "entwickler entwicklerin ingenieur ingenieurin leiter leiterin berater beraterin "
    "sachbearbeiter "
    "mitarbeiter mitarbeiterin assistent assistentin student studentin verkäufer techniker "
    "pfleger pflegerin lehrer lehrerin gestalter gestalterin medewerker leider ontwikkelaar "
    "adviseur beheerder utvecklare ingenjör ledare säljare handläggare sköterska ekonom "
    "ologist ographer keeper maker seller udvikler ingeniør leder sælger medarbejder konsulent "
    "kaufmann kauffrau "
    "fachkraft hilfskraft mechatroniker mechatronikerin mechaniker mechanikerin elektroniker "
    "elektronikerin fahrer fahrerin wärter meister meisterin angestellte angestellter pädagoge "
    "pädagogin therapeut therapeutin arbeiter arbeiterin helfer helferin betreuer betreuerin "
    "sekretär sekretärin planer planerin prüfer prüferin monteur bakker tekniker assistent "
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


def names_a_job(text: str) -> bool:
    """Tell whether some word of `text` is the head of a job title and nobody's surname."""
    return any(_is_role_word(word) and word not in _SURNAMES for word in _words_of(text))


def _words_of(text: str) -> list[str]:
    """Return the words of a title; "& Partner" names a firm."""
    return _WORDS.findall(_AND_PARTNERS.sub("", text.casefold()))


def _is_role_word(word: str) -> bool:
    return not {word, word.removesuffix("in")}.isdisjoint(_ROLES) or word.endswith(_ROLE_ENDINGS)
