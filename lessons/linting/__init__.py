"""Checks of the curriculum's files. Pure: files and values in, faults out.

`reading` makes a value of a file; `passages` walks its texts; `phrases` holds the word rules; `sentences` measures;
`modules` and `shared` check what is taught. What needs the shapes of a quiz stands in `quizzes/linting.py`.
"""

from lessons.linting.reading import CurriculumError, Document, Fault, digest, line_of, read, read_document

__all__ = ["CurriculumError", "Document", "Fault", "digest", "line_of", "read", "read_document"]
