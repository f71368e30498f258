"""What can stand between a draft and its release, each with a sentence for the editor."""

from __future__ import annotations

from dataclasses import dataclass

from ausrufer.kernel.sentence import Sentence


@dataclass(frozen=True)
class Problem:
    """`field` names where it can be mended: text, topic, pictures, due_at, channel:<key>."""

    field: str
    sentence: Sentence

    def __str__(self) -> str:
        return str(self.sentence)


class PostTrouble(Exception):
    """Refused before anything left the house; nothing was saved."""

    def __init__(self, sentence: Sentence | str) -> None:
        self.sentence = Sentence(sentence) if isinstance(sentence, str) else sentence
        super().__init__(str(self.sentence))


class NotReady(PostTrouble):
    """The post lacks something; `problems` names all of it at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


class ChangedMeanwhile(PostTrouble):
    """Somebody changed the post after it was read or approved."""

    def __init__(self) -> None:
        super().__init__("Der Beitrag wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal.")


class NotEditable(PostTrouble):
    """A released post is a record; it is corrected or withdrawn, not edited."""


class NotAllowed(PostTrouble):
    """The person may not do this."""


class BadPicture(PostTrouble):
    """The file cannot become a picture of a post."""
