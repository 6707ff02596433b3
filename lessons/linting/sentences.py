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
PLAIN_END = re.compile(r"(?<=[^\W\d_]{4}[.!?]) (?=[^\W\d_a-zß-öø-ÿœ])")  # four letters, a mark, a capital


@lru_cache(maxsize=2)
def _segmenter(language: str) -> pysbd.Segmenter:
    return pysbd.Segmenter(language=language, clean=False)


@lru_cache(maxsize=2)
def _abbreviations(language: str) -> frozenset[str]:
    return frozenset(_segmenter(language).language_module.Abbreviation.ABBREVIATIONS)


def sentences_of(block: str, language: str) -> list[str]:
    """As pysbd ends them. It is slow, and is asked only where an end is not plain to see."""
    inner = len(INNER_END.findall(block))
    if inner == 0:
        return [block]
    plain = PLAIN_END.split(block)
    short = _abbreviations(language)
    if len(plain) == inner + 1 and not any(one[:-1].split()[-1].lower() in short for one in plain[:-1]):
        return plain
    return _segmenter(language).segment(block)


def longest_allowed(band: str) -> int:
    return int(LONGEST_AVERAGE[band] * FACTOR)


@lru_cache(maxsize=100_000)
def sentence_lengths(text: str, language: str) -> tuple[int, ...]:
    """Words of each sentence; a paragraph and a line of a list end one too. Kept: pysbd is slow."""
    lengths: list[int] = []
    for block in BLOCK.split(text):
        block = " ".join(QUOTE.sub(" ", MARK.sub("", block)).split())
        lengths += [count for sentence in sentences_of(block, language) if (count := len(WORD.findall(sentence)))]
    return tuple(lengths)
