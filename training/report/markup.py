"""Elements of a page: built as a tree, so that tags match and every text is escaped."""

import re
from xml.etree.ElementTree import Element, tostring

Child = Element | str

#: What no HTML may hold, even escaped.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def element(tag: str, *children: Child, **attributes: object) -> Element:
    """An element; in a name of an attribute `_` stands for `-`, and a last one for nothing."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    made = Element(tag, {name: _clean(str(value)) for name, value in names.items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + _clean(child)
        else:
            made.text = (made.text or "") + _clean(child)
    return made


def document(root: Element) -> str:
    """The text of a whole page."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _clean(text: str) -> str:
    """Without controls and halves of surrogate pairs, each of which becomes U+FFFD."""
    return _CONTROL.sub("\ufffd", text).encode("utf-8", "replace").decode()
