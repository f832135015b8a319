import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import places
from model.errors import BadPlaces
from model.places import MOST_TOKENS, load, parse
from tests.reference import read

LANGUAGES = ("en", "es", "pt", "uk", "ru", "zh", "pl", "id", "tl", "ar", "tr", "hi")
ONE = """
version = 1
endings.ia = "ia,ii,ię"
countries.kh.pl = "Kambodża, Azj<ia>"
cities.kh = "Phnom Penh{,u}"
"""

# Words that advertisements use and that look, accents off, like a place somewhere.
ORDINARY = {
    "en": """us eu may march man can will job work worker visa ticket salary month abroad apply
        overseas local national native foreign office driver cleaner nurse helper maid cook waiter
        hotel farm factory warehouse phone passport agent fee loan contract accommodation food free
        urgent hiring needed girls men women age experience language van split reading bath
        nice cork java solo lion queens maine pole finn dane main bergamot pottery side
        natal port hull goods slave mine ring bra bras latex rubber gulp road rd based""",
    "es": """trabajo empleo sueldo salario mes viaje visa pasaporte contrato agencia alojamiento
        comida gana ganas ganes usas montaña goma tema prato haga puno misiones sonora negros haz
        irá para por con sin chica chicas modelo azafata limpieza cuidadora camarero obra campo
        granja fábrica almacén chofer conductor edad experiencia lima checa alto
        oportunidad urgente gratis dinero deuda familia casa extranjero exterior pagamos fines""",
    "pt": """trabalho emprego salário mês viagem visto passaporte contrato agência alojamento comida
        gana ganha irá eu para por com sem moça menina modelo limpeza cuidadora obra campo armazém
        motorista idade experiência oportunidade urgente grátis dinheiro dívida família casa
        estrangeiro exterior tuas suas natal salvador praia dança acre amadora madeira mataram
        prato roda rodas tema camarão servir codo seguro bom bem lida""",
    "uk": """робота вакансія зарплата місяць виїзд віза паспорт договір агентство житло харчування
        дівчата хлопці жінки чоловіки водій прибиральниця доглядальниця будівельник склад завод
        ферма ресторан готель вік досвід мова кордон закордон терміново безкоштовно гроші борг дані
        даний дана порту бари суми рівне сир фін тай того мали ціна болгарка болгаркою канадка
        куби куба пар дани лист село місто область країна країни громадянство""",
    "ru": """работа вакансия зарплата месяц выезд виза паспорт договор агентство жилье питание
        девушки парни женщины мужчины водитель уборщица сиделка строитель склад завод ферма
        ресторан отель возраст опыт язык граница зарубеж срочно бесплатно деньги долг данные данный
        порту бари того мали куба кубы куб болгарка болгаркой канадка семей семья тая тае
        вены пары пар город страна страны гражданство область восток запад север юг залив чад""",
    "pl": """praca oferta zarobki miesiąc wyjazd wiza paszport umowa agencja mieszkanie wyżywienie
        dziewczyny kobiety mężczyźni kierowca sprzątaczka opiekunka budowa magazyn zakład farma
        hotel wiek doświadczenie język granica zagranica pilnie bezpłatnie pieniądze dług dane
        dania danie danię mali mali sam lekki przemysł przemysłu kolonii cali pole tego java
        półka półki półce półek woda kraj kraje miasto osoby polecamy odra fina dunki""",
    "id": """kerja lowongan gaji bulan berangkat visa paspor kontrak agen mes makan perempuan
        laki-laki sopir pembantu perawat bangunan gudang pabrik kebun restoran hotel umur
        pengalaman bahasa luar negeri segera gratis uang utang dari lima surat acara kirim tugas
        oma opa serba polsek asmara cek lagi ada mau bisa aman wali negara
        kota orang asing warga biaya daftar hubungi serang kudus""",
    "tl": """trabaho sahod buwan alis visa pasaporte kontrata ahensya tirahan pagkain babae lalaki
        driver kasambahay tagalinis karpintero bodega pabrika bukid hotel edad karanasan wika
        abroad agad libre pera utang hindi hapon lima malayo puno yaman liban sili wala meron ako
        ikaw bansa lungsod tao dayuhan prc kailangan apply tawag sulat""",
    "ar": """عمل وظيفة راتب شهر سفر تأشيرة جواز عقد مكتب سكن طعام فتيات نساء رجال سائق عاملة ممرضة
        نجار مخزن مصنع مزرعة مطعم فندق عمر خبرة لغة خارج عاجل مجانا مال دين بنات شركة مطلوب حول
        حولي ألبان بلد بلاد مدينة جنسية أجانب اتصل واتساب تذكرة إقامة كفيل هند شروط سن""",
    "tr": """iş ilan maaş ay yurtdışı vize pasaport sözleşme ajans konaklama yemek bayan kadın erkek
        şoför temizlikçi hasta bakıcı inşaat depo fabrika çiftlik otel yaş deneyim dil acil ücretsiz
        para borç çek gana oran ordu sabah öğün kabul kazan kent dili dilli hatayı kazası sulu
        türkü torun kumaş kumaşı çaba çile gine kurt bae ab ülke şehir kişi yabancı şam""",
    "hi": """काम नौकरी वेतन महीना विदेश वीज़ा पासपोर्ट एजेंट खाना रहना लड़की लड़के महिला ड्राइवर
        सफाई फैक्ट्री होटल उम्र अनुभव भाषा जल्दी मुफ्त पैसा कर्ज मिलान मक्का देश शहर लोग परिवार kaam
        naukri paisa mahina videsh ladki ladke khana rehna jaldi bhai didi leta ist aur nahi hai""",
    "zh": """工作 招聘 工资 月薪 签证 护照 合同 中介 包吃 包住 机票 出国 海外 国外 国内 境外 外国语
        女孩 男女 司机 清洁 护理 建筑 仓库 工厂 农场 餐厅 酒店 年龄 经验 语言 急招 免费 定金 欠款
        大理石 三明治 汉堡包 新宿舍
        宝宝安全 中老年 福利马上 沿海地区 开封 边境 城市 客服 老街 立马来电 同意语言 参加""",
    "fr": """travail emploi salaire mois visa passeport contrat agence logement eau bras seul seule
        franc lion fille femme homme chauffeur âge expérience langue urgent gratuit argent""",
    "ro": """muncă angajare salariu lună viză pașaport contract cazare mâine dacă fete
        bărbați șofer""",
}


def folded(text):
    return tuple(token.text for token in read(text).tokens)


@pytest.fixture(scope="module")
def names():
    return {folded(name) for name in load()}


@pytest.fixture(scope="module")
def table():
    text = Path(places.__file__).with_name("places.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def held(text, names):
    """The names that stand in a text, as tuples of tokens."""
    tokens = folded(text)
    return {
        tokens[at:end]
        for at in range(len(tokens))
        for end in range(at + 1, min(at + MOST_TOKENS, len(tokens)) + 1)
        if tokens[at:end] in names
    }


def test_every_country_stands_in_every_language(table):
    assert len(table["countries"]) >= 110
    for country, languages in table["countries"].items():
        assert tuple(languages) == LANGUAGES, country


def test_cities_stand_under_a_country(table):
    assert table["cities"].keys() <= table["countries"].keys()


@pytest.mark.parametrize(
    "texts",
    [
        ("work in Cambodia", "work in Portugal", "work in Sihanoukville", "work in the EU"),
        ("Nigerian girls", "Filipina girls", "British girls", "Latina girls"),
        ("trabajo en Camboya", "trabajo en Alemania", "trabajo en Bogotá", "trabajo en EE.UU."),
        ("trabalho no Camboja", "trabalho no Brasil", "trabalho no Dubai", "trabalho no Japão"),
        ("робота в Камбоджі", "робота в Польщі", "робота в Києві", "робота в ОАЕ"),
        ("работа в Камбодже", "работа в Германии", "работа в Шанхае", "работа в ОАЭ"),
        ("требуются украинки", "требуются русские", "требуются вьетнамцы", "требуются казахи"),
        ("praca w Kambodży", "praca w Niemczech", "praca w Warszawie", "praca w ZEA"),
        ("kerja di Kamboja", "kerja di Arab Saudi", "kerja di Medan", "kerja di Timur Tengah"),
        (
            "trabaho sa Cambodia",
            "trabaho sa Saudi",
            "trabaho sa Maynila",
            "trabaho sa Gitnang Silangan",
        ),
        ("عمل في كمبوديا", "عمل في السعودية", "عمل في دبي", "عمل في الخليج"),
        ("Kamboçya'da iş", "Almanya'da iş", "İstanbul'da iş", "Avrupa'da iş"),
        ("कंबोडिया में काम", "रूस में काम", "दुबई में काम", "खाड़ी में काम"),
        ("去缅北工作", "去葡萄牙工作", "去西港工作", "去東南亞工作"),
        ("招缅甸人", "招中国人", "招越南籍", "招柬埔寨人"),
    ],
    ids=lambda texts: texts[0],
)
def test_texts_that_differ_in_a_place_alone_become_one(texts, names):
    masked = set()
    for text in texts:
        tokens = folded(text)
        longest = max(held(text, names), key=len)
        at = next(i for i in range(len(tokens)) if tokens[i : i + len(longest)] == longest)
        masked.add((*tokens[:at], "…", *tokens[at + len(longest) :]))
    assert len(masked) == 1


@pytest.mark.parametrize("language", ORDINARY)
def test_ordinary_words_are_no_places(language, names):
    assert {
        word: found for word in ORDINARY[language].split() if (found := held(word, names))
    } == {}


@pytest.mark.parametrize("language", [*LANGUAGES, "fr", "ro", "vi"])
def test_stop_words_are_no_places(language, names):
    words = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    # USA and `Chin`, Polish for of China, are worth more than Spanish `usa` and Vietnamese `chỉn`.
    assert {word for word in words if folded(word) in names} <= {"usa", "chỉn"}


@given(st.sampled_from(load()))
def test_a_name_reads_alike_in_capitals_and_has_few_tokens(name):
    assert 1 <= len(folded(name)) <= MOST_TOKENS
    assert folded(name.upper()) == folded(name)


@given(
    st.lists(
        st.tuples(st.text("abc", min_size=1), st.sets(st.text("xyz", max_size=2), min_size=1)),
        min_size=1,
        unique_by=lambda name: name[0],
    )
)
def test_groups_are_written_out(stems):
    names = [(stem, sorted(ends)) for stem, ends in stems]
    text = ", ".join(f"{stem}{{{','.join(ends)}}}" for stem, ends in names)
    assert parse(f'version = 1\nregions.here = "{text}"') == tuple(
        stem + end for stem, ends in names for end in ends
    )


def test_parse_writes_endings_and_groups_out():
    assert parse(ONE) == ("Kambodża", "Azjia", "Azjii", "Azjię", "Phnom Penh", "Phnom Penhu")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("version = 1", "version = 2", "Write version = 1", id="version"),
        pytest.param("version = 1", "", "Write version = 1", id="no version"),
        pytest.param("version = 1", "version =", "not TOML", id="not TOML"),
        pytest.param('"Kambodża', '"Kambodża, Kambodża', "'Kambodża' stands twice", id="twice"),
        pytest.param("{,u}", "{u,u}", "cities.kh: 'Phnom Penhu' stands twice", id="group"),
        pytest.param("Azj<ia>", "Azj<ja>", "countries.kh.pl: <ja> is not under", id="ending"),
        pytest.param(
            "Azj<ia>", "Azj<ia", "'Azj<ia' has a brace or bracket left", id="open bracket"
        ),
        pytest.param("{,u}", "{,u", "has a brace or bracket", id="open brace"),
        pytest.param("{,u}", "{,u{b}}", "has a brace or bracket", id="brace in brace"),
        pytest.param("Phnom Penh{,u}", ", Phnom", "'' has 0 tokens", id="empty"),
        pytest.param("Phnom Penh{,u}", "U.S. of a b c", "has 6 tokens", id="words"),
        pytest.param("Phnom Penh{,u}", "阿拉伯联合酋长国", "has 8 tokens", id="ideographs"),
        pytest.param('"Phnom Penh{,u}"', "3", "cities.kh is 3. Write a text", id="number"),
        pytest.param('"ia,ii,ię"', "[]", "endings.ia is []. Write a text", id="list"),
    ],
)
def test_parse_refuses(old, new, message):
    with pytest.raises(BadPlaces, match=re.escape(message)):
        parse(ONE.replace(old, new, 1))


def test_load_names_the_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("version = 1\nregions.here = 'a, a'", encoding="utf-8")
    with pytest.raises(BadPlaces, match=r"mine\.toml: regions\.here: 'a' stands twice"):
        load(path)


def test_load_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadPlaces, match=r"none\.toml cannot be read"):
        load(tmp_path / "none.toml")
