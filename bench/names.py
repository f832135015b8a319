"""The contestants' names, by which goals and figures find each other."""

OURS = "ours, words + characters"
OURS_WORDS = "ours, words"
OURS_COLD = "ours, words + characters, cold cache"
OURS_WORDS_COLD = "ours, words, cold cache"
ONE_THREAD = "ours, 1 thread"
TWO_THREADS = "ours, 2 threads"
ALONE = "ours, one ad alone"
ALONE_SCORED = "ours, one ad alone, as a score"
FLOOR = "floor"
SKLEARN = "scikit-learn, words + characters"
SKLEARN_WORDS = "scikit-learn, words"
PHRASES_WORDS = "Python phrases, words"
SHAP = "SHAP, words + characters"
SHAP_WORDS = "SHAP, words"
LIME = "LIME, words + characters"
LIME_WORDS = "LIME, words"
VW = "Vowpal Wabbit, words"
FASTTEXT = "fastText, subwords"
FIT = "fit, ours"
FIT_TWO = "fit, ours, 2 cores"
FIT_SKLEARN = "fit, scikit-learn"
FIT_MEMORY = "fit, peak memory"
FIT_MEMORY_FEWER = "fit, peak memory, fewer ads"
SCORE_LONG, FIXED_LONG, PARSED_LONG = "POST, long ad", "fixed, long ad", "fixed after reading, long"
SCORE_SHORT, FIXED_SHORT, PARSED_SHORT = (
    "POST, short ad",
    "fixed, short ad",
    "fixed after reading, short",
)
START = "start"
