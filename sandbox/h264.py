"""What an H.264 film says of its frames, in the parameters every decoder reads first (ITU-T H.264, 7.3.2.1.1)."""

from __future__ import annotations

HIGH = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}  # profiles that name their colours


class Bits:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def take(self, count: int) -> int:
        """Zeros after the end."""
        found = 0
        for _ in range(count):
            byte = self.content[self.place // 8] if self.place // 8 < len(self.content) else 0
            found = found << 1 | byte >> 7 - self.place % 8 & 1
            self.place += 1
        return found

    def number(self) -> int:
        """Of as many bits as zeros come before it (Exp-Golomb)."""
        zeros = 0
        while zeros < 32 and not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        found = self.number()
        return (found + 1) // 2 if found % 2 else -(found // 2)


def shape(avcc: bytes) -> tuple[bool, bool]:
    """(4:2:0, whole frames only) of what an `avcC` box holds."""
    length = int.from_bytes(avcc[6:8], "big")
    bits = Bits(avcc[8 : 8 + length].replace(b"\0\0\3", b"\0\0"))
    bits.take(8)
    profile = bits.take(8)
    bits.take(16)
    bits.number()
    chroma = colours(bits) if profile in HIGH else 1
    bits.number()
    match bits.number():  # how the order of frames is told
        case 0:
            bits.number()
        case 1:
            bits.take(1)
            bits.number()
            bits.number()
            for _ in range(min(bits.number(), 255)):
                bits.number()
    bits.number()
    bits.take(1)
    bits.number()
    bits.number()
    return chroma == 1, bits.take(1) == 1


def colours(bits: Bits) -> int:
    """1: 4:2:0, 2: 4:2:2, 3: 4:4:4."""
    chroma = bits.number()
    if chroma == 3:
        bits.take(1)
    bits.number()
    bits.number()
    bits.take(1)
    if bits.take(1):
        for each in range(12 if chroma == 3 else 8):
            if bits.take(1):
                skip_scaling(bits, 16 if each < 6 else 64)
    return chroma


def skip_scaling(bits: Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last
