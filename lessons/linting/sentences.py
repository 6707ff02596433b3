"""How long sentences are. pysbd finds their ends (it knows abbreviations of both languages); words are counted here."""

import re
from functools import lru_cache

import pysbd

LONGEST_AVERAGE = {"6-8": 12, "9-11": 15, "12-14": 18, "15-18": 22, "staff": 26}
FACTOR = 1.6  # no sentence is longer than this many times the average allowed
WORD = re.compile(r"\w[\w’'-]*")
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+[.)])\s)|(?<=\|)\n|\n(?=[—–«“])")
MARK = re.compile(r"^\s*(?:[-*>]|\d+[.)])\s+", re.MULTILINE)
QUOTE = re.compile(r"[«»“”\"*]")  # what is said within quotation marks ends where it ends
INNER_END = re.compile(r"[.!?…][)\s]")


@lru_cache(maxsize=2)
def _segmenter(language: str) -> pysbd.Segmenter:
    return pysbd.Segmenter(language=language, clean=False)


def longest_allowed(band: str) -> int:
    return int(LONGEST_AVERAGE[band] * FACTOR)


@lru_cache(maxsize=100_000)
def sentence_lengths(text: str, language: str) -> tuple[int, ...]:
    """Words of each sentence; a paragraph and a line of a list end one too. Kept: pysbd is slow."""
    lengths: list[int] = []
    for block in BLOCK.split(text):
        block = " ".join(QUOTE.sub(" ", MARK.sub("", block)).split())
        sentences = _segmenter(language).segment(block) if INNER_END.search(block) else [block]
        lengths += [count for sentence in sentences if (count := len(WORD.findall(sentence)))]
    return tuple(lengths)
