"""Texts that are hard to read: words of ads among all that Unicode has."""

from hypothesis import strategies

_PIECES = (
    *("work abroad", "no experience", "passport", "visa", "v i s a", "w.o.r.k", "w0rk", "раб0та"),
    *("wоrk", "pабота", "p\u200bay", "tra\u00adfer", "工作签证", "日结800元", "работа за границей"),
    *("www.", "http://x.y", "example.com", "t.me/abc", "help.me", "a@b.co", "@handle", "@ab"),
    *(
        "2.500",
        "5000$",
        "50 %",
        "e.g.",
        "U.S.A.",
        "don't",
        "обʼєкт",
        "résumé",
        "Straße",
        "İstanbul",
    ),
    *(
        ". ",
        "! ",
        "\n",
        "…",
        "  ",
        " - ",
        "ﷺ",
        "㍿",
        "🅥🅘🅢🅐",
        "👩\u200d👩\u200d👧",
        "🇺🇦",
        "e\u0301",
        "क्या",
    ),
    *(
        "\u202eabc\u202c",
        "\ufeff",
        "\x00",
        "\ue000",
        "\ufffd",
        "٣٤٥",
        "ｗｏｒｋ",
        "𝓗𝓲",
        "한국어",
        "งาน",
    ),
)

characters = strategies.characters(exclude_categories=["Cs"])
texts = strategies.lists(
    strategies.one_of(
        strategies.sampled_from(_PIECES),
        strategies.sampled_from(" .,-@:/0a1bеоа工\u200b\u0301'"),
        strategies.text(characters, max_size=8),
    ),
    max_size=30,
).map("".join)
