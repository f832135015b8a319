"""Tell the language of a text, among those a recruitment ad here is likely to be in."""

import threading
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from model.compiled import jit
from model.lanes import LANES, load, padded, plus, store
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
#: Counts under this have their logarithm at hand: taking it was a third of the work.
LOGS = 64
#: Texts that are read letter by letter together.
TOGETHER = 8
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
            self._languages[code if enough and any(map(str.isalpha, part)) else UNDETERMINED]
            for part, code, enough in zip(parts, codes, (sure >= FLOOR).tolist(), strict=True)
        ]

    @cached_property
    def _languages(self) -> Mapping[str, Language]:
        codes = (*self._identifier.nb_classes, UNDETERMINED)
        return {code: Language(code, code in self.known) for code in codes}

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
        features, languages = np.shape(self.nb_ptc)
        table = np.zeros((features, padded(languages)), np.float32)
        table[:, :languages] = self.nb_ptc
        self._table = table.reshape(-1)
        self._width = table.shape[1]
        self._logs = np.log1p(np.arange(LOGS)).astype(np.float32)
        self._own = threading.local()

    def classify_all(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The likeliest language of each text, and how probable it is, shape (texts,)."""
        encoded = [self._encode(text) for text in texts]
        ends = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(each) for each in encoded], out=ends[1:])
        first = np.asarray(self.nb_pc, np.float32)
        scores = np.zeros((len(encoded), self._width), np.float32)
        scores[:, : len(first)] = first
        longest = np.diff(ends).max(initial=0)
        room = (
            np.empty((TOGETHER, longest), np.int32),
            np.empty(longest, np.float32),
            np.empty(TOGETHER, np.uint32),
            np.empty(TOGETHER, np.int64),
        )
        automaton = self._moves, self._bases, self._outputs
        features = self._table, self._logs, self._seen()
        letters = np.frombuffer(b"".join(encoded), np.uint8)
        _score(automaton, letters, ends, features, room, scores.reshape(-1))
        chances = self._chances(scores[:, : len(first)], np.diff(ends))
        best = chances.argmax(axis=1)
        return [self.nb_classes[i] for i in best.tolist()], chances[np.arange(len(best)), best]

    def _seen(self) -> NDArray[np.int32]:
        """A count for each feature, all 0 between calls: made anew they cost more than one text."""
        if not hasattr(self._own, "seen"):
            self._own.seen = np.zeros(len(self._table) // self._width, np.int32)
        return cast(NDArray[np.int32], self._own.seen)

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
def _score(automaton, letters, ends, features, room, scores):
    """Add log(1 + count) times their weights for all features that the automaton finds."""
    table, logs, seen = features
    found, weights, states, counts = room
    width, texts = table.shape[0] // seen.shape[0], len(ends) - 1
    for first in range(0, texts, TOGETHER):
        _walk(automaton, letters, ends[first : first + TOGETHER + 1], found, states, counts)
        for text in range(first, min(first + TOGETHER, texts)):
            kinds = _distinct(found[text - first], counts[text - first], seen, logs, weights)
            for block in range(0, width, LANES):
                total = load(scores, text * width + block)
                for k in range(kinds):
                    row = np.int64(found[text - first, k]) * width
                    total = plus(total, load(table, row + block), weights[k])
                store(scores, text * width + block, total)


@jit
def _walk(automaton, letters, ends, found, states, counts):
    """The features in a few texts, letter by letter in all of them.

    Each step waits for what the step before has read from a table larger than the caches; those of
    other texts are waited for at the same time.
    """
    moves, bases, outputs = automaton
    states[:], counts[:] = 0, 0
    for at in range(found.shape[1]):
        for k in range(ends.shape[0] - 1):
            if ends[k] + at < ends[k + 1]:
                state = moves[np.int64(bases[states[k]]) + letters[ends[k] + at]]
                states[k] = state
                found[k, counts[k]] = outputs[state]
                counts[k] += outputs[state] >= 0


@jit
def _distinct(found, count, seen, logs, weights):
    """Put each feature once at the beginning of `found`; how many, and log(1 + count) of each."""
    kinds = 0
    for k in range(count):
        feature = found[k]
        if seen[feature] == 0:
            found[kinds] = feature
            kinds += 1
        seen[feature] += 1
    for k in range(kinds):
        times = seen[found[k]]
        weights[k] = logs[times] if times < logs.shape[0] else np.log1p(times)
        seen[found[k]] = 0
    return kinds
