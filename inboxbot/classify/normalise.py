"""Sentence → the form that features are read from: one alphabet, no marks, no tricks.

Case, accents, compatibility forms and digits are levelled; links, addresses and other
strings that name somebody become MASK, which no feature may span. Letters of another alphabet
inside a Latin word, zero-width characters and s p a c e d words are undone.
"""

import re
import unicodedata
from collections.abc import Sequence

MASK = "\ue000"  # a private-use character: cannot come from a mail, see `_REMOVED`
BREAK = "\ue001"  # between two sentences
_BETWEEN = "\x00"

_REMOVED = re.compile(
    # soft hyphen, zero-width and bidirectional controls, byte-order mark, variation selectors,
    # combining grapheme joiner, fillers, tags, private use: invisible, or not ours to trust
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ue000-\uf8ff\U000e0000-\U000e0fff]"
)
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0655\u0670]")  # Latin accents, Arabic harakat
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]+")
_SPACED = re.compile(r"(?<!\S)(?:\w[ .\-_*]){4,}\w(?!\S)")
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_HAN = re.compile("[\u4e00-\u9fff]")
_MIXED = re.compile("[a-z\u0370-\u03ff\u0400-\u052f]+")
_DIGITS = re.compile(r"\d+")
_RUNS = re.compile(r"([^\w\s])\1+|[\s_]+")
_LOOKALIKES = str.maketrans(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0455\u0458\u04bb\u051b\u043a\u043c\u0442\u043d\u0432"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u03c5\u03c7\u03b5",
    "aceopxyisjhqkmthb" + "aopviktuxe",
)
# Letters with a stroke have no decomposition in Unicode.
_PLAIN = str.maketrans(
    {
        "\u0142": "l", "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u0111": "d", "\u00f0": "d",
        "\u0131": "i", "\u00fe": "th", "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'",
        "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u2026": ".", "\u2022": "*",
    }
)  # fmt: skip

# Frequent characters of Taiwan and Hong Kong as they are written on the mainland.
_MAINLAND = str.maketrans(
    "們個這還沒來為會時說對開關應試職務業經驗歷員選擇決項遺謝請後見發給與從進過階繼續複審閱覽"
    "貴門間問題電話郵訊資訂單產學術習實態體機構無錄遞補備畢雖願順緒優勢競爭讓認識談較適專約週"
    "麼樣總財報導師醫護園課組織計劃設據處辦動場館書圖號碼戶費額價買賣貨運車輛將於現點當兩幾萬"
    "億東國際華灣廣區鄉縣廳廠銀錢險證簽績級類別變換轉傳輸網頁線連結維標準規則條責負積極樂歡許"
    "諒難論討議評觀覺聽聞讀寫記錯誤謹啟頌頓盡儘邊裡裏隊協調統創團離達遠邁邏輯軟腦檔歸檢測驟滿"
    "該誠摯穩歲舊親愛媽爺孫兒劇戲獎勵頒獲勝敗衛藥療診臨顧闆僅僱傭憑擔攜數暫曆榮殘氣淚溝漸獨異"
    "瞭礙稱範簡糾納純終絡絕緊編練縱聯聲脫舉葉蒐虧裝詢誰諮講譯豐質贊趕跡蹤軌輕辭農遲遷鄰釋鋪鐘"
    "鐵長閉閒隨雙雜響頻顯風飛飯駕驚鬆魚麗齊",
    "们个这还没来为会时说对开关应试职务业经验历员选择决项遗谢请后见发给与从进过阶继续复审阅览"
    "贵门间问题电话邮讯资订单产学术习实态体机构无录递补备毕虽愿顺绪优势竞争让认识谈较适专约周"
    "么样总财报导师医护园课组织计划设据处办动场馆书图号码户费额价买卖货运车辆将于现点当两几万"
    "亿东国际华湾广区乡县厅厂银钱险证签绩级类别变换转传输网页线连结维标准规则条责负积极乐欢许"
    "谅难论讨议评观觉听闻读写记错误谨启颂顿尽尽边里里队协调统创团离达远迈逻辑软脑档归检测骤满"
    "该诚挚稳岁旧亲爱妈爷孙儿剧戏奖励颁获胜败卫药疗诊临顾板仅雇佣凭担携数暂历荣残气泪沟渐独异"
    "了碍称范简纠纳纯终络绝紧编练纵联声脱举叶搜亏装询谁咨讲译丰质赞赶迹踪轨轻辞农迟迁邻释铺钟"
    "铁长闭闲随双杂响频显风飞饭驾惊松鱼丽齐",
)


def normalise_all(texts: Sequence[str]) -> list[str]:
    """Return the levelled form of each text; in one go, since each pass has its price."""
    joined = f" {_BETWEEN} ".join(text.replace(_BETWEEN, " ") for text in texts)
    return [text.strip() for text in normalise(joined).split(_BETWEEN)]


def normalise(sentence: str) -> str:
    """Return the levelled form of a sentence; single spaces, none at the ends."""
    text = sentence.lower() if sentence.isascii() else _level(sentence)
    if "http" in text or "www." in text:
        text = _LINK.sub(MASK, text)
    if "@" in text:
        text = _ADDRESS.sub(MASK, text)
    text = _DIGITS.sub("0", text)
    text = _RUNS.sub(_once, text).strip()
    return _SPACED.sub(_joined, text)


def _level(text: str) -> str:
    """Return the text without case, accents and compatibility forms."""
    text = _REMOVED.sub("", unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFKD", text.casefold())
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_PLAIN)
    if _HAN.search(text):
        text = text.translate(_MAINLAND)
    if _FOREIGN.search(text):
        text = _MIXED.sub(_latin, text)
    return text


def _latin(word: re.Match[str]) -> str:
    """Return a word in one alphabet, if Latin letters stand among its Greek or Cyrillic ones."""
    if re.search("[a-z]", word[0]) is None:
        return word[0]
    return word[0].translate(_LOOKALIKES)


def _once(run: re.Match[str]) -> str:
    """Return a repeated sign once, white space as one space."""
    return run[1] or " "


def _joined(word: re.Match[str]) -> str:
    """Return a spaced-out word in one piece."""
    return re.sub(r"[ .\-_*]", "", word[0])
