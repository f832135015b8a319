"""Tell the language of a text, among those a recruitment ad here is likely to be in."""

from collections.abc import Collection, Sequence
from functools import cached_property

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from model.score import Language

#: Told apart besides the languages a model knows, so that "unknown" can be said: by name of what
#: their speakers are often offered work in, or because they are easily taken for a known one.
NEIGHBOURS = (
    *("bg", "bn", "cs", "de", "el", "fa", "fr", "hu", "it", "ja", "ka", "ko", "ne", "nl", "ro"),
    *("sr", "th", "ur", "vi"),
)
#: Enough for a sure answer; the whole of a long ad would cost more than scoring it.
READ_CHARS = 600
#: Below this probability no language is named.
FLOOR = 0.5
UNDETERMINED = "und"


class Detector:
    """Names the language of a text, and whether it is one of `known`."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = frozenset(known)

    def detect(self, texts: Sequence[str]) -> list[Language]:
        """One language for each text; `und` where there is too little to go by."""
        return [self._detect(text) for text in texts]

    def _detect(self, text: str) -> Language:
        part = text[:READ_CHARS].lower()
        if not any(char.isalpha() for char in part):
            return Language(UNDETERMINED, False)
        code, sure = self._identifier.classify(part)
        return (
            Language(code, code in self.known) if sure >= FLOOR else Language(UNDETERMINED, False)
        )

    @cached_property
    def _identifier(self) -> LanguageIdentifier:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(sorted(self.known.union(NEIGHBOURS)))
        return identifier
