"""Tell the language of a text, among those a recruitment ad here is likely to be in."""

from collections.abc import Collection, Sequence
from functools import cached_property

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
        parts = [text[:READ_CHARS].lower() for text in texts]
        codes, sure = self._identifier.classify_all(parts)
        return [
            Language(code, code in self.known)
            if enough and any(map(str.isalpha, part))
            else Language(UNDETERMINED, False)
            for part, code, enough in zip(parts, codes, (sure >= FLOOR).tolist(), strict=True)
        ]

    @cached_property
    def _identifier(self) -> "Identifier":
        identifier: Identifier = Identifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(sorted(self.known.union(NEIGHBOURS)))
        identifier.prepare()
        return identifier


class Identifier(LanguageIdentifier):
    """py3langid's identifier for many texts at once, with its innermost loop compiled.

    In plain Python that loop took longer than scoring the whole ad, and the calls around it a
    third as long. What it computes is the same; a test holds the two against each other.
    """

    def prepare(self) -> None:
        """Lay the library's tables out for the compiled loop; after choosing languages."""
        self._moves = np.array(self.tk_nextmove, np.uint32)
        self._bases = np.array(self._rowbase, np.uint32)
        self._outputs = np.array(self.tk_output, np.int32)
        self._table = np.ascontiguousarray(self.nb_ptc, np.float32)

    def classify_all(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The likeliest language of each text, and how probable it is, shape (texts,)."""
        encoded = [self._encode(text) for text in texts]
        ends = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(each) for each in encoded], out=ends[1:])
        scores = np.tile(np.asarray(self.nb_pc, np.float32), (len(encoded), 1))
        seen = np.zeros(len(self._table), np.int32)
        found = np.empty(np.diff(ends).max(initial=0), np.int32)
        automaton = self._moves, self._bases, self._outputs
        _score(
            automaton,
            np.frombuffer(b"".join(encoded), np.uint8),
            ends,
            self._table,
            seen,
            found,
            scores,
        )
        chances = self._chances(scores, np.diff(ends))
        best = chances.argmax(axis=1)
        return [self.nb_classes[i] for i in best.tolist()], chances[np.arange(len(best)), best]

    def _chances(
        self, scores: NDArray[np.float32], sizes: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Probabilities (texts, languages), as the library has them for one text."""
        scores *= (1 / np.sqrt(np.maximum(sizes, 1))).astype(np.float32)[:, None]
        np.exp(scores - scores.max(axis=1, keepdims=True), out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        for first, other in self._alias_pairs:
            scores[:, first] += scores[:, other]
            scores[:, other] = 0
        return scores


@jit
def _score(automaton, letters, ends, table, seen, found, scores):
    """Add log(1 + count) times their weights for all features that the automaton finds."""
    moves, bases, outputs = automaton
    for text in range(len(ends) - 1):
        state = count = 0
        for at in range(ends[text], ends[text + 1]):
            state = moves[np.int64(bases[state]) + letters[at]]
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
                scores[text, language] += weight * table[feature, language]
