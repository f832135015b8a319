"""Tell the language of a text, among those a recruitment ad here is likely to be in."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from model.compiled import jit
from model.score import Language

#: Told apart besides the languages a model knows, so that "unknown" can be said: those whose
#: speakers are often offered such work, and those easily taken for a known one.
NEIGHBOURS = (
    *("bg", "bn", "cs", "de", "el", "fa", "fr", "hu", "it", "ja", "ka", "ko", "ne", "nl", "ro"),
    *("sr", "th", "ur", "vi"),
)
#: Enough for a sure answer: of the labelled texts it names as many rightly as 600 do, but for two
#: in 5,209, and of 6,655 real ads.
READ_CHARS = 300
#: Below this probability no language is named.
FLOOR = 0.5
UNDETERMINED = "und"


class Detector:
    """Names the language of a text, and whether it is one of `known`. Threads may share it."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = frozenset(known)

    def detect(self, texts: Sequence[str]) -> list[Language]:
        """One language for each text; `und` where there is too little to go by."""
        return [self._detect(text) for text in texts]

    def _detect(self, text: str) -> Language:
        part = text[:READ_CHARS].lower()
        if not any(map(str.isalpha, part)):
            return Language(UNDETERMINED, False)
        code, sure = self._identifier.classify(part)
        return (
            Language(code, code in self.known) if sure >= FLOOR else Language(UNDETERMINED, False)
        )

    @cached_property
    def _identifier(self) -> "Identifier":
        identifier: Identifier = Identifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(sorted(self.known.union(NEIGHBOURS)))
        identifier.prepare()
        return identifier


class Identifier(LanguageIdentifier):
    """py3langid's identifier with its innermost loop compiled.

    In plain Python that loop took longer than scoring the whole ad. What it computes is the same;
    a test holds the two against each other.
    """

    def prepare(self) -> None:
        """Lay the library's tables out for the compiled loop; after choosing languages."""
        self._moves = np.array(self.tk_nextmove, np.uint32)
        self._bases = np.array(self._rowbase, np.uint32)
        self._outputs = np.array(self.tk_output, np.int32)
        self._table = np.ascontiguousarray(self.nb_ptc, np.float32)
        self._free: list[NDArray[np.int32]] = []

    def _raw_score(self, text: bytes) -> Any:
        try:
            seen = self._free.pop()
        except IndexError:
            seen = np.zeros(len(self._table), np.int32)
        letters, found = np.frombuffer(text, np.uint8), np.empty(len(text), np.int32)
        scores = self.nb_pc.copy()
        _score(self._moves, self._bases, self._outputs, letters, self._table, seen, found, scores)
        self._free.append(seen)
        return scores


@jit
def _score(moves, bases, outputs, letters, table, seen, found, scores):
    """Add log(1 + count) times their weights for all features that the automaton finds."""
    state = count = 0
    for letter in letters:
        state = moves[np.int64(bases[state]) + letter]
        feature = outputs[state]
        if feature >= 0:
            if seen[feature] == 0:
                found[count] = feature
                count += 1
            seen[feature] += 1
    for k in range(count):
        feature = found[k]
        weight = np.float32(np.log1p(seen[feature]))
        seen[feature] = 0
        for language in range(table.shape[1]):
            scores[language] += weight * table[feature, language]
