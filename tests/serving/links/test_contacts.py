from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.links import payments
from serving.links.contacts import Contact, find


def found(text: str, language: str = "en", region: str | None = None) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in find(text, language=language, region=region)]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Call Denise on (202) 555-0162", "+12025550162"),
        ("en", "0491 570 156, ask for Mia", "+61491570156"),
        ("en", "from abroad 0061 491 570 156", "+61491570156"),
        ("en", "WhatsApp +44 7700 900616", "+447700900616"),
        ("en", "phone zero four nine one, five seven zero, one five six", "+61491570156"),
        ("en", "tel 0 4 9 1 5 7 0 1 5 6", "+61491570156"),
        ("en", "tel o491 57o l56", "+61491570156"),
        ("en", "📞 0️⃣4️⃣9️⃣1️⃣5️⃣7️⃣0️⃣1️⃣5️⃣6️⃣", "+61491570156"),
        ("en", "call ０４９１ ５７０ １５６", "+61491570156"),
        ("en", "wa.me/61491570156", "+61491570156"),
        ("en", "https://api.whatsapp.com/send?phone=61491570156&text=hi", "+61491570156"),
        ("es", "Solo WhatsApp 600 000 118", "+34600000118"),
        ("es", "En Marruecos: 0612 000 018", "+212612000018"),
        ("pt", "(11) 90000-0012 falar com Cleusa", "+5511900000012"),
        ("uk", "дзвоніть 050 000 01 44", "+380500000144"),
        ("ru", "восемь девять ноль ноль ноль ноль ноль ноль ноль один два", "+79000000012"),
        ("zh", "电话 138 0000 1234", "+8613800001234"),
        ("zh", "一三八零零零零一二三四", "+8613800001234"),
        ("ar", "دبي، اتصل ٠٥٠ ٠٠٠ ٠١٢٣", "+971500000123"),
        ("hi", "कॉल 90000 00012", "+919000000012"),
        ("tl", "text sa 0917 000 0000", "+639170000000"),
        ("pl", "tel. 600 000 118", "+48600000118"),
        ("und", "tel 000 000 118 119", None),
    ],
)
def test_phones_are_read_however_written(language: str, text: str, value: str | None) -> None:
    assert found(text, language) == ([("phone", value)] if value else [])


def test_region_goes_before_language() -> None:
    assert found("0912 345 678", "zh", "TW") == [("phone", "+886912345678")]


def test_number_that_exists_nowhere_needs_a_cue_and_has_no_country() -> None:
    assert found("call 0977 000 017") == [("phone", "0977000017")]
    assert found("room 0977 000 017") == []


@pytest.mark.parametrize(
    "text",
    [
        "pay 5000-6500 EUR since 2024-05-01",
        "from 01.02.2025 to 31.12.2025",
        "shifts 08:00-20:00, 12-14 hours, 2019-2024",
        "1 200 000 000 UGX or 100 000 - 150 000",
        "ref 2024/123456, licence 12345678",
        "salary.no and abroad.in Good.We pay, Operator @ Andheri",
        "with reference VX-BR-114, see line 3, signal us",
        "Telegram channel of our office",
        "1" * 60,
    ],
)
def test_what_is_no_contact(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("to Jobs.Ruiru+may@Example.com.", "mail", "jobs.ruiru@example.com"),
        ("anna (at) example [dot] org", "mail", "anna@example.org"),
        ("https://www.Agency-Demo.co.uk/jobs?id=3", "link", "agency-demo.co.uk"),
        ("see bit.ly/AbC1,", "link", "bit.ly/AbC1"),
        ("forms at forms.gle/AbC9xYz", "link", "forms.gle/AbC9xYz"),
        ("teamdemo.blogspot.com", "link", "teamdemo.blogspot.com"),
        ("t.me/Demo_Anna", "telegram", "demo_anna"),
        ("https://t.me/+61491570156", "phone", "+61491570156"),
        ("Tеlegrаm: @demo_x1", "telegram", "demo_x1"),
        ("телеграмі @demo_x1", "telegram", "demo_x1"),
        ("insta @demo.anna!", "instagram", "demo.anna"),
        ("instagram.com/demo.anna/", "instagram", "demo.anna"),
        ("加微信:demo888", "wechat", "demo888"),
        ("WeChat ID demokiwi", "wechat", "demokiwi"),
        ("LINE ID: demo_liz", "line", "demo_liz"),
        ("QQ 100000001", "qq", "100000001"),
        ("write @demo_bob", "handle", "demo_bob"),
        ("GB82 WEST 1234 5698 7654 32", "iban", "GB82WEST12345698765432"),
        ("0x" + "0" * 39 + "A", "ethereum", "0x" + "0" * 39 + "a"),
        (
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bitcoin",
            "bc1" + "qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ),
    ],
)
def test_other_contacts(text: str, kind: str, value: str) -> None:
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize("part", ["1 ", "0491 570 156 ", "a@", "one ", "www.a.", "t.me/", "wx:a1"])
def test_hostile_text_finds_a_bounded_number_of_phones(part: str) -> None:
    text = (part * 50_000)[:50_000]
    assert sum(kind == "phone" for kind, _ in found(text)) <= 1_000


def test_addresses_need_their_checksum() -> None:
    body = bytes([0x41]) + bytes(20)
    for check, kinds in ((sha256(sha256(body).digest()).digest()[:4], ["tron"]), (bytes(4), [])):
        address = base58(body + check)
        assert [kind for kind, *_ in payments.find(f"send to {address} now")] == kinds


def test_one_letter_off_is_no_address() -> None:
    # The examples of the standards, BIP 173 and ISO 13616.
    segwit, iban = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "GB82 WEST 1234 5698 7654 32"
    assert len(found(f"{segwit} {iban}")) == 2
    assert not list(payments.find(segwit.replace("t4", "t5") + " " + iban.replace("82", "83")))


def test_name_ties_whatever_the_platform() -> None:
    keys = {
        each.key for each in find("t.me/demo_anna, insta @Demo_Anna, @demo_anna", language="en")
    }
    assert keys == {"handle:demo_anna"}


@given(st.text() | st.text("0123456789 +-().@tme/wa一o", max_size=60))
def test_spans_are_in_order_and_apart(text: str) -> None:
    contacts = find(text, language="en")
    assert all(0 <= each.start < each.end <= len(text) for each in contacts)
    assert all(a.end <= b.start for a, b in pairwise(contacts))


@given(st.text("ab \u200b🌴é", max_size=12), st.integers(0, 99))
def test_contact_is_found_where_it_stands(before: str, last: int) -> None:
    phone = f"+44 7700 9006{last:02}"
    (contact,) = find(f"{before} {phone}, please", language="en")
    start = len(before) + 1
    assert contact == Contact(start, start + len(phone), "phone", f"+4477009006{last:02}")


def base58(data: bytes) -> str:
    number, letters = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        letters = payments.BASE58[digit] + letters
    return letters
