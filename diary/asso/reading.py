"""How easily a text reads: Flesch (1948) for English, as Douma fitted it to Dutch (1960).

The higher the easier: 60 is plain, 70 fairly easy, 80 easy, 90 very easy. Sentences and syllables say nothing
about sense, so this finds what is too heavy and praises nothing.
"""

import re

PLAIN = 70
_DUTCH = re.compile(r"aai|ooi|oei|eeuw|ieuw|aa|ee|oo|uu|ie|oe|eu|ui|ou|au|ij|ei|[aeiouy]|[áéíóúàèëïöüê]")
_ENGLISH = re.compile(r"[aeiouy]+")


def ease(text: str, language: str) -> float:
    sentences = [part for part in re.split(r"[.!?…:;]+\s|\n", text) if re.search(r"\w", part)]
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text)
    if not words:
        return 100.0
    beats = sum(syllables(word.casefold(), language) for word in words) / len(words)
    long = len(words) / len(sentences)
    if language == "nl":
        return 206.84 - 0.93 * long - 77 * beats
    return 206.835 - 1.015 * long - 84.6 * beats


def syllables(word: str, language: str) -> int:
    if language == "nl":
        return max(1, len(_DUTCH.findall(word)))
    spoken = re.sub(r"(?:[^laeiouy]e|[^td]ed|es)$", "", word)  # a silent e, as in ‘make’, ‘asked’
    return max(1, len(_ENGLISH.findall(spoken)))
