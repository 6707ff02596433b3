"""Old phones: nothing in our scripts, styles and templates that Chromium 80 or Safari 13.1 lacks."""

import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SCRIPTS, STYLES = sorted((ROOT / "static/js").glob("*.js")), sorted((ROOT / "static").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PICTURES = [ROOT / "static/sprite.svg", ROOT / "static/icon.svg"]
# What came after ES2020, or after Safari 13.1 (March 2020). `?.` and `??` are in both.
NEWER_SCRIPT = {
    "assignment that asks first": r"\|\|=|&&=|\?\?=",
    "a private name": r"\B#[a-z]\w*\s*[=(;]|this\.#",
    "a static block": r"\bstatic\s*\{",
    "a class field": r"(?m)^\s*static\s+\w+\s*=",
    "numbers with separators": r"(?<![\w#])\d+_\d",
    "looking behind": r"\(\?<[=!]",
    "a flag of regular expressions": r"/[dgimsuy]*[dv][gimsuy]*\.(?:test|exec)\b",
    "a method of strings, arrays or objects": r"\.(?:replaceAll|at|findLast|findLastIndex|toSorted|toReversed"
    r"|toSpliced|with|replaceChildren|requestSubmit|showModal|hasOwn|groupBy|fromAsync|isWellFormed)\(",
    "a global": r"\b(?:structuredClone|AggregateError|WeakRef|BroadcastChannel|FinalizationRegistry)\b|Promise\.any"
    r"|crypto\.randomUUID|navigator\.locks|AbortSignal\.(?:timeout|any)|new CSSStyleSheet|CSS\.registerProperty"
    r"|\.inert\b",
    "a form's data in a worker": r"\.formData\(",
    "who submits, with nothing in its place": r"\.submitter(?!\s*\|\|)",
    "waiting at the top": r"(?m)^await\b",
}
# Left out on purpose: what an old browser may skip (text-wrap, accent-color, forced-color-adjust, …).
NEWER_STYLE = {
    "a selector": r":(?:has|is|where|focus-visible|user-valid|modal|popover-open)\b|:not\([^)]*,",
    "a proportion": r"aspect-ratio\s*:",
    "four sides at once": r"(?<![\w-])inset(?:-\w+)*\s*:",
    "sides by the flow of text": r"(?:margin|padding|border)-(?:inline|block)|(?<![\w-])(?:inline|block)-size\s*:",
    "gap, which flex has not": r"(?<![\w-])(?:row-|column-)?gap\s*:",
    "a rule at the top": r"@(?:layer|container|property|scope|starting-style)\b",
    "a colour": r"color-mix|ok(?:lch|lab)\(|(?<![\w-])l(?:ab|ch)\(|rgb\([^),]+\s[^),]+\)",
    "nesting": r"[{;]\s*&",
    "a unit": r"\d(?:[dsl]v[hwib]|cq[whib]|lh|cap)\b",
    "a width by comparison": r"@media[^{]*[<>]=?",
    "a transform of its own": r"(?<![\w-])(?:translate|rotate|scale)\s*:",
    "a grid in a grid": r"\bsubgrid\b",
    "clipping": r"overflow(?:-\w)?\s*:\s*clip|content-visibility|backdrop-filter|scrollbar-gutter",
    "appearance without a prefix": r"(?<![\w-])(?:appearance|mask|user-select)\s*:",
}
NEWER_MARKUP = r"<dialog\b|<search\b|\spopover\b|\sinert\b|\sloading=|<script[^>]*\s(?:blocking|fetchpriority)="


def bare(text: str) -> str:
    """Without comments, and without the words in quotation marks."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', re.sub(r"(?m)(?:^|\s)//.*$", "", text))


def found(text: str, patterns: dict[str, str]) -> list[str]:
    return [f"{name}: {seen[0]!r}" for name, pattern in patterns.items() for seen in re.finditer(pattern, bare(text))]


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_runs_on_browsers_of_spring_2020(file):
    assert found(file.read_text(), NEWER_SCRIPT) == []


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_sheet_works_on_browsers_of_spring_2020(file):
    assert found(file.read_text(), NEWER_STYLE) == []


def test_markup_and_pictures_need_nothing_newer():
    assert [file.name for file in [*TEMPLATES, *PICTURES] if re.search(NEWER_MARKUP, file.read_text())] == []


@pytest.mark.parametrize(
    "newer",
    ["a ??= b;", "x.at(-1)", "class A { #b = 1 }", "/(?<=a)b/", "1_000", "copy.formData()", "event.submitter.name",
     "crypto.randomUUID()", "text.replaceAll('a', 'b')"],
)  # fmt: skip
def test_the_list_knows_newer_script(newer):
    assert found(newer, NEWER_SCRIPT)


@pytest.mark.parametrize(
    "newer",
    ["a:has(b){}", ".a{inset:0}", ".a{gap:1rem}", ".a{aspect-ratio:1}", ".a{margin-inline:1rem}", "a:not(b,c){}",
     ".a{height:100dvh}", "@media (width >= 4em){}", ".a{translate:1px}", "@layer a{}", "a{color:red;& b{}}"],
)  # fmt: skip
def test_the_list_knows_newer_styles(newer):
    assert found(newer, NEWER_STYLE)


def test_what_is_old_enough_passes():
    assert found("a?.b ?? c; // x.at(1)\nlist.matchAll(); const { a, ...rest } = b; `${a}`", NEWER_SCRIPT) == []
    assert found(".a{grid-gap:1rem;box-shadow:inset 0 0 1px red;transform:scale(2)}a:not([b]){}", NEWER_STYLE) == []
