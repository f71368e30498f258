"""What makes a file unfit, with a sentence for who uploaded it. No Django: the child process raises it too."""

from __future__ import annotations

from ausrufer.kernel.sentence import Sentence


class BadMedia(Exception):
    """The file cannot become a picture, a video or captions of a post."""

    def __init__(self, sentence: Sentence | str) -> None:
        self.sentence = Sentence(sentence) if isinstance(sentence, str) else sentence
        super().__init__(str(self.sentence))


NO_ROOM = "Auf der Platte ist für diese Datei kein Platz. Bitte der IT Bescheid geben."
DAMAGED = "„{name}“ ist beschädigt oder unvollständig."


def damaged(name: str) -> BadMedia:
    return BadMedia(Sentence(DAMAGED, {"name": name}))
