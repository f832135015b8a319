"""Tell the language of a text, among those a recruitment ad here is likely to be in."""

import threading
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from model.compiled import jit
from model.lanes import LANES, load, padded, plus, spread, store
from model.score import Language
from model.texts import pack

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
#: Counts under this have their logarithm at hand: taking it was a sixth of the work.
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
        codes, sure = self.identifier.classify_all(parts)
        return [
            self._languages[code if enough and any(map(str.isalpha, part)) else UNDETERMINED]
            for part, code, enough in zip(parts, codes, (sure >= FLOOR).tolist(), strict=True)
        ]

    @cached_property
    def _languages(self) -> Mapping[str, Language]:
        codes = (*self.identifier.nb_classes, UNDETERMINED)
        return {code: Language(code, code in self.known) for code in codes}

    @cached_property
    def identifier(self) -> "Identifier":
        """What tells the languages apart."""
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
        features, languages = np.shape(self.nb_ptc)
        width = padded(languages)
        table = np.zeros((features, width), np.float32)
        table[:, :languages] = self.nb_ptc
        first = np.zeros(width, np.float32)
        first[:languages] = self.nb_pc
        self._automaton = (
            np.array(self.tk_nextmove, np.uint32),
            np.array(self._rowbase, np.uint32),
            np.array(self.tk_output, np.int32),
        )
        self._bayes = (
            table.reshape(-1),
            first,
            np.log1p(np.arange(LOGS)).astype(np.float32),
            np.array(self._alias_pairs, np.int64).reshape(-1, 2),
        )
        self._own = threading.local()

    def classify_all(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The likeliest language of each text, and how probable it is, shape (texts,)."""
        packed = pack(texts, encode=self._encode)
        best = np.empty(len(texts), np.int64)
        sure = np.empty(len(texts), np.float32)
        room = self._room(packed.longest)
        _classify(self._automaton, self._bayes, len(self.nb_classes), *packed, room, best, sure)
        return [self.nb_classes[i] for i in best.tolist()], sure

    def _room(self, longest: int) -> tuple[NDArray[Any], ...]:
        """A thread's own room: made anew for each call it costs more than a text."""
        room: tuple[NDArray[Any], ...] | None = getattr(self._own, "room", None)
        if room is None or room[0].shape[1] < longest:
            table, first, _, _ = self._bayes
            room = (
                np.empty((TOGETHER, max(longest, 4 * READ_CHARS)), np.int32),
                np.empty(max(longest, 4 * READ_CHARS), np.float32),
                np.empty(TOGETHER, np.uint32),
                np.empty(TOGETHER, np.int64),
                np.zeros(len(table) // len(first), np.int32),
                np.empty(len(first), np.float32),
            )
            self._own.room = room
        return room


@jit
def _classify(automaton, bayes, languages, letters, ends, room, best, sure):
    """What is likeliest of each text: log(1 + count) times the weights of all features in it."""
    table, first, logs, aliases = bayes
    found, weights, states, counts, seen, scores = room
    texts, width = len(ends) - 1, len(first)
    for start in range(0, texts, TOGETHER):
        _walk(automaton, letters, ends[start : start + TOGETHER + 1], found, states, counts)
        for text in range(start, min(start + TOGETHER, texts)):
            features = found[text - start]
            kinds = _distinct(features, counts[text - start], seen, logs, weights)
            for block in range(0, width, LANES):
                total = load(first, block) if kinds else spread(np.float32(0))
                for k in range(kinds):
                    row = np.int64(features[k]) * width
                    total = plus(total, load(table, row + block), weights[k])
                store(scores, block, total)
            size = ends[text + 1] - ends[text]
            best[text], sure[text] = _decide(scores, languages, size, aliases)


@jit
def _decide(scores, languages, size, aliases):
    """The likeliest language and its probability, as the library has them for one text."""
    most, total, best = scores[0], np.float32(0), 0
    for k in range(1, languages):
        most = max(most, scores[k])
    scale = np.float32(1 / np.sqrt(max(size, 1)))
    for k in range(languages):
        scores[k] = np.exp((scores[k] - most) * scale)
        total += scores[k]
    for k in range(aliases.shape[0]):
        scores[aliases[k, 0]] += scores[aliases[k, 1]]
        scores[aliases[k, 1]] = 0
    for k in range(languages):
        if scores[k] > scores[best]:
            best = k
    return best, scores[best] / total


@jit
def _walk(automaton, letters, ends, found, states, counts):
    """The features in a few texts, letter by letter in all of them.

    Each step waits for what the step before has read from a table larger than the caches; those of
    other texts are waited for at the same time.
    """
    moves, bases, outputs = automaton
    states[:], counts[:] = 0, 0
    texts, longest = ends.shape[0] - 1, 0
    for k in range(texts):
        longest = max(longest, ends[k + 1] - ends[k])
    for at in range(longest):
        for k in range(texts):
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
