"""A job title → its level and its family, by the words in it; "" where they do not tell. Pure.

Titles are short and blunt, and follow the same few words in every language; a title without such a
word is of no level and of the family "other", which is nobody's group.
"""

import re
from enum import StrEnum
from functools import lru_cache


class Level(StrEnum):
    """How experienced a role asks somebody to be, in order; as in `[profile] level`."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    LEAD = "lead"


class Family(StrEnum):
    """What a role is about."""

    ENGINEERING = "engineering"
    DESIGN = "design"
    DATA = "data"
    PRODUCT = "product"
    SALES = "sales"
    MARKETING = "marketing"
    SUPPORT = "support"
    OPERATIONS = "operations"
    PEOPLE = "people"
    FINANCE = "finance"
    HEALTH = "health"
    EDUCATION = "education"
    OTHER = "other"


def _words(words: str) -> re.Pattern[str]:
    """Return a pattern for any of these: a _ is a gap, a * is any beginning or ending."""
    return re.compile("|".join(map(_word, words.split())), re.IGNORECASE)


def _word(word: str) -> str:
    before = "" if word.startswith("*") else r"\b"
    after = "" if word.endswith("*") else r"(?!\w)"
    return before + re.escape(word.strip("*")).replace("_", r"[\s.-]+") + after


# Words of a level that stand for something else in these.
_NOT_A_LEVEL = re.compile(
    r"\bsenior (?:living|care|citizens?|home|center|centre|housing)\b|\bsenioren\w*"
    r"|\bjunior (?:high|school|college|infants?|football|sports?)\b"
    r"|\blead(?:s|[\s-]gen\w*|[\s-]management)\b|\blead (?:paint|free)\b"
    r"|\b(?:assistan\w+|assistenz|secretary|sekretär\w*) (?:to|of|for|der|des|de|di|du) .*"
    r"|\bstaff (?!software|engineer|\w+ engineer|designer|\w+ designer|data|product|research|"
    r"scientist|developer)\w+"
    r"|\bchef de (?:projet|produit|rang|partie)\b|\bjefe de proyecto\b|\bprojekt\w*leit\w*"
    r"|\w+begleit\w*",
    re.IGNORECASE,
)
_LEVELS = {
    Level.LEAD: _words(
        """
        lead head_of principal staff director direktor* directeur directrice directora
        direttore direttrice vp svp evp vice_president chief cto cfo coo cmo ceo cpo ciso teamlead
        team_lead techlead tech_lead engineering_manager teamleit* teamleid* abteilungs* leiter
        leiterin leitung leitende* *leiter *leiterin *leitung head_nurse head_chef responsable_du
        responsable_de chef_de_service chef_d'équipe jefe jefa gerente_general coordinador_general
        responsabile_del capo hoofd afdelingshoofd kierownik kierowniczka dyrektor dyrektorka
        teamledare enhetschef avdelningschef afdelingsleder avdelingsleder teamleder
        """
    ),
    Level.SENIOR: _words(
        """
        senior senior* sr snr sénior señor expert experte expertin experienced erfahren*
        berufserfahren* starszy starsza confirmé confirmée experimentad* esperto
        """
    ),
    Level.MID: _words(
        """
        mid mid_level midlevel mid_senior medior intermediate mittleres regular
        """
    ),
    Level.JUNIOR: _words(
        """
        junior juniora jr jnr intern interns internship trainee traineeship graduate entry_level
        apprentice* apprenticeship working_student student_assistant werkstudent* praktikant*
        praktikum pflichtpraktikum volontär* volontariat* berufseinsteiger* auszubildende*
        ausbildung azubi* absolvent* stagiaire stage alternance alternant alternante apprenti*
        débutant* becario becaria prácticas practicante aprendiz estágio estagiári* stagista
        tirocin* stagiair starter młodszy młodsza stażyst* praktyk* praktikplats lärling elev
        studentermedhjælper lærling nyuddannet nyexad associate_product
        """
    ),
}

_FAMILIES = {  # in this order: what says more about a role comes first
    Family.PEOPLE: _words(
        """
        recruit* recruteu* talent talent_acquisition hr hrbp human_resources people_partner
        people_operations people_ops people_culture people_&_culture personalreferent*
        personalentwickl* personalsach* personalleit* personalmanag* personaler* ressources
        recursos_humanos rrhh risorse_umane kadr* rekrut* payroll_specialist rekryter*
        """
    ),
    Family.HEALTH: _words(
        """
        nurse nurses nursing physician physicians doctor *ärzt* *arzt *pfleger *pflegerin
        *pflegefachkraft *pflegefach* pflegekraft krankenpfleg* altenpfleg* hebamme midwife
        paramedic pharmac* apothek* dentist zahn* therapist *therapeut *therapeutin physio*
        psycholog* clinical clinician radiolog* medical caregiver carer healthcare_assistant
        infirmi* aide_soignant* enfermer* infermier* verpleegkundig* pielęgniar* sjuksköter*
        sygeplejerske sykepleier médecin médico médica veterinar* tierärzt* optometrist mfa
        fachangestellte*
        """
    ),
    Family.EDUCATION: _words(
        """
        teacher teachers *lehrer *lehrerin lehrkraft lehrkräfte lecturer professor professorin tutor
        tutorin instructor erzieher erzieherin pädagog* paedagog* teaching dozent* schulleit*
        headteacher school_principal librarian bibliothek* enseignant* professeur* profesor
        profesora maestra maestro docente insegnante leraar docent nauczyciel* lärare lærer
        nursery_teacher education curriculum instructional learning_designer educador*
        """
    ),
    Family.DESIGN: _words(
        """
        design designer designers *designer *designerin ux ui ux/ui ui/ux gestalter *gestalter
        *gestalterin grafik* graphi* illustrator illustratorin art_director artdirector animator
        diseñador* grafico graphiste progettista_grafic* vormgever projektant_graficzny formgivare
        user_research* user_experience motion creative_director architect_interior
        """
    ),
    Family.DATA: _words(
        """
        data datenanalyst* datenwissenschaft* dateningenieur* machine_learning ml ai ki statisti*
        analytics bi business_intelligence datos données dati danych dataanalyti* datavetare mlops
        econometric* biostatist* quantitative_analyst research_scientist
        """
    ),
    Family.MARKETING: _words(
        """
        marketing *marketing marketing* cmo content copywriter* texter texterin seo sea brand social
        social_media community_manager communications communication kommunikation* pr
        public_relations redakteur* *redakteur *redakteurin editor editorial growth performance
        journalist* comunicación comunicazione comunicação communicatie öffentlichkeitsarbeit
        rédacteur* rédactrice* redactor redactora kommunikatör campaign crm_manager
        """
    ),
    Family.SALES: _words(
        """
        sales vertrieb* *vertrieb account_executive account_manager key_account* sdr bdr
        business_development verkäufer* *verkäufer *verkäuferin verkauf* außendienst* presales
        commercial_manager commercial_director vendeur* vendeuse ventas vendedor* comercial vendite
        commesso commessa venditore verkoop* sprzedaw* sprzedaż* handlow* säljare sælger selger
        retail_assistant shop_assistant store_associate cashier ingénieur_commercial
        technico-commercial* customer_acquisition
        """
    ),
    Family.SUPPORT: _words(
        """
        support customer_success customer_service customer_care customer_experience helpdesk
        help_desk service_desk kundenservice* kundenbetreu* kundenberat* kundendienst* it-support
        service_agent call_center contact_center atención_al_cliente servicio_al_cliente
        service_client support_client assistenza_clienti klantenservice obsług* kundtjänst
        kundeservice apoio_ao_cliente atendimento
        """
    ),
    Family.PRODUCT: _words(
        """
        product_manager product_management product_owner product_lead product_director
        director_of_product head_of_product vp_product product_analyst product_operations
        produktmanag* *produktmanag* produktverantwort* chef_de_produit cheffe_de_produit
        jefe_de_producto jefa_de_producto gerente_de_producto gerente_de_produto product
        productmanager produktchef produktägare produktejer gestore_prodotto
        """
    ),
    Family.FINANCE: _words(
        """
        finance financial cfo accountant accounting accounts_payable accounts_receivable controller
        controllerin controlling buchhalt* *buchhalter *buchhalterin bookkeep* auditor auditorin
        audit tax steuer* treasury treasurer actuar* aktuar* comptable* contable* contabile*
        boekhoud* księgow* ekonom ekonomiassistent økonom bogholder regnskap* redovisning*
        underwriter credit investment bank* wirtschaftsprüf* finanz* payroll lohn* financier*
        finanzas finanza financeiro
        """
    ),
    Family.ENGINEERING: _words(
        """
        engineer engineers engineering developer developers *entwickler *entwicklerin entwickl*
        *entwicklung *ingenieur *ingenieurin ingenieur* software programmer programmier* devops sre
        sdet qa quality_assurance tester testerin backend back-end frontend front-end full-stack
        fullstack platform infrastructure security cyber* sysadmin system_administrator systemadmin*
        it-administrator* network solutions_architect software_architect cloud embedded firmware
        ingénieur* développeu* ingenier* desarrollador* ingegner* sviluppat* ontwikkelaar engenheir*
        desenvolvedor* programist* inżynier* utvecklare ingenjör* udvikler utvikler ingeniør
        mechatroni* elektroni* konstrukteur* tech_lead techlead cto informatiker* fachinformatiker*
        technician techniker technikerin electrician
        """
    ),
    Family.OPERATIONS: _words(
        """
        operations operation ops coo logist* *logistik supply_chain procurement purchas* einkäufer*
        einkauf* buyer planner disponent* *planer *planerin warehouse lager* production produktion*
        manufacturing fertigung* office_manager office_assistant administrat* sachbearbeiter*
        *sachbearbeiter *sachbearbeiterin assistenz executive_assistant project_manager
        projektmanag* projektleit* program_manager programme_manager pmo chef_de_projet
        jefe_de_proyecto scrum_master agile_coach facility facilities fleet dispatcher coordinator
        koordinator* koordinier* receptionist empfang* clerk approvisionn* operaciones operazioni
        logistic* magazzin* magazijn* inkoper projectleider projektledare projektleder secretary
        sekretär*
        """
    ),
}  # fmt: skip


@lru_cache(maxsize=2048)
def level_of(title: str) -> Level | None:
    """Return the level that a title names; None where it names none, or several that differ.

    "Senior Team Lead" asks for a lead; "Junior/Senior Developer" leaves it open.
    """
    plain = _NOT_A_LEVEL.sub(" ", title)
    found = [level for level, words in _LEVELS.items() if words.search(plain)]
    if Level.JUNIOR in found and len(found) > 1:
        return None
    return found[0] if found else None


@lru_cache(maxsize=2048)
def family_of(title: str) -> Family:
    """Return what a role is about: the first family that a word of its title belongs to."""
    return next(
        (family for family, words in _FAMILIES.items() if words.search(title)), Family.OTHER
    )


def ranks_above(level: Level, other: Level) -> bool:
    """Tell whether a level asks for more experience than another."""
    order = list(Level)
    return order.index(level) > order.index(other)
