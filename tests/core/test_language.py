"""The language of a mail is known from a few sentences, and unknown from a few words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxbot.core.language import language_of

SENTENCES = {
    "en": "Thank you for your application. We have decided not to take it further.",
    "de": "Vielen Dank für Ihre Bewerbung. Wir haben uns leider anders entschieden.",
    "fr": "Nous vous remercions de votre candidature, mais nous ne pouvons pas y donner suite.",
    "es": "Gracias por tu interés. Hemos decidido continuar con otra persona para el puesto.",
    "it": "Grazie per la tua candidatura. Purtroppo abbiamo scelto un'altra persona.",
    "nl": "Bedankt voor je sollicitatie. Helaas gaan we niet met je verder.",
    "pt": "Obrigado pelo seu interesse na vaga. Decidimos não seguir com a sua candidatura.",
    "pl": "Dziękujemy za zgłoszenie. Niestety nie zapraszamy na rozmowę.",
    "sv": "Tack för din ansökan. Vi har tyvärr valt att inte gå vidare med dig.",
    "da": "Tak for din ansøgning. Vi har desværre valgt ikke at gå videre med dig.",
    "no": "Takk for søknaden din. Vi har dessverre valgt å ikke gå videre med deg.",
    "fi": "Kiitos hakemuksestasi. Valitettavasti emme ole valinneet sinua tehtävään.",
    "cs": "Děkujeme za váš zájem o pozici. Bohužel jsme se rozhodli pro jiného kandidáta.",
    "sk": "Ďakujeme za váš záujem o pozíciu. Žiaľ, rozhodli sme sa pre iného kandidáta.",
    "hu": "Köszönjük jelentkezését. Sajnos most más jelöltet választottunk a pozícióra.",
    "ro": "Vă mulțumim pentru candidatura dumneavoastră. Din păcate am ales un alt candidat.",
    "tr": "Başvurunuz için teşekkür ederiz. Maalesef bu pozisyon için başka bir aday seçildi.",
    "ru": "Спасибо за отклик на вакансию. К сожалению, мы выбрали другого кандидата.",
    "uk": "Дякуємо за відгук на вакансію. На жаль, ми обрали іншого кандидата.",
    "bg": "Благодарим ви за интереса към позицията. За съжаление избрахме друг кандидат.",
    "el": "Σας ευχαριστούμε για το ενδιαφέρον σας. Δυστυχώς επιλέξαμε άλλον υποψήφιο.",
    "ja": "ご応募ありがとうございました。残念ながら今回は採用を見送らせていただきます。",
    "zh": "感谢您申请我们公司的职位。很遗憾，我们决定不再继续您的申请。",
    "ko": "지원해 주셔서 감사합니다. 아쉽게도 이번에는 함께하지 못하게 되었습니다.",
    "ar": "شكرا لاهتمامك بالوظيفة. نأسف لإبلاغك بأننا اخترنا مرشحا آخر.",
    "fa": "از علاقه شما به این موقعیت سپاسگزاریم. متاسفانه فرد دیگری را برگزیدیم.",
    "he": "תודה על התעניינותך במשרה. לצערנו בחרנו במועמד אחר.",
    "hi": "आपके आवेदन के लिए धन्यवाद। खेद है कि हमने किसी अन्य उम्मीदवार को चुना है।",
    "th": "ขอบคุณที่สมัครงานกับเรา น่าเสียดายที่เราเลือกผู้สมัครรายอื่น",
    "vi": "Cảm ơn bạn đã ứng tuyển. Rất tiếc chúng tôi đã chọn một ứng viên khác.",
    "id": "Terima kasih atas lamaran Anda. Mohon maaf, kami belum dapat melanjutkan proses ini.",
}


@pytest.mark.parametrize(("language", "text"), SENTENCES.items(), ids=SENTENCES)
def test_two_sentences_show_their_language(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "   ", "Hallo", "12345 !!!", "Acme Northwind Ltd", "Re:"])
def test_a_few_words_show_no_language(text: str) -> None:
    assert language_of(text) is None


def test_english_titles_do_not_make_a_german_mail_english() -> None:
    text = "Ihre Bewerbung als Senior Software Engineer (Data & Cloud) ist bei uns eingegangen."
    assert language_of(text) == "de"


def test_addresses_are_not_read() -> None:
    text = "https://the.of.and.to.example/in/is/that the.of.and@to.example " * 9
    assert language_of(text) is None


def test_the_subject_helps_a_text_that_is_too_short() -> None:
    assert language_of("Siehe Anhang.", "Ihre Bewerbung bei uns: leider eine Absage") == "de"


@given(st.text(max_size=500), st.text(max_size=80))
def test_any_text_has_a_language_or_none(text: str, subject: str) -> None:
    language = language_of(text, subject)
    assert language is None or len(language) == 2
