"""The card and the tone that `bedside-call --camera test-card --microphone tone` sends, as files a browser can play
in a camera's and a microphone's place: both ends of a comparison see and hear the same."""

import math
import struct
import wave

WIDTH, HEIGHT, RATE = 640, 480, 30
# The square is back where it was after so many frames.
FRAMES = 70
BARS = [(191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0), (0, 0, 191), (16, 16, 16)]


def limited(colour):
    """Luma and chroma of an RGB colour: BT.601, limited range."""
    r, g, b = colour
    luma = 16 + (65.738 * r + 129.057 * g + 25.064 * b) / 256
    blue = 128 + (-37.945 * r - 74.494 * g + 112.439 * b) / 256
    red = 128 + (112.439 * r - 94.154 * g - 18.285 * b) / 256
    return [round(value) for value in (luma, blue, red)]


def row(width, value):
    return bytes(value(x) for x in range(width))


def luma(n):
    """The luma of frame `n`: the counter in 32 cells, the bars, a ramp with the square that moves."""
    word = n & 0xFFFFFF | ((n ^ n >> 8 ^ n >> 16 ^ 0xA5) & 0xFF) << 24
    counter = row(WIDTH, lambda x: 235 if word >> (x * 32 // WIDTH) & 1 else 16)
    bars = row(WIDTH, lambda x: limited(BARS[x * 8 // WIDTH])[0])
    ramp = row(WIDTH, lambda x: 40 + x * 150 // WIDTH)
    side, left = HEIGHT // 6, n * (WIDTH // 80) % (WIDTH - HEIGHT // 6)
    square = ramp[:left] + bytes([235]) * side + ramp[left + side :]
    above, below = HEIGHT // 24, HEIGHT // 4 - HEIGHT // 24 - side
    return counter * (HEIGHT // 12) + bars * (HEIGHT * 2 // 3) + ramp * above + square * side + ramp * below


def chroma(plane):
    half = row(WIDTH // 2, lambda x: limited(BARS[x * 16 // WIDTH])[plane])
    return half * (HEIGHT * 3 // 8) + bytes([128]) * (WIDTH // 2 * HEIGHT // 8)


def write_card(path):
    """The card as YUV4MPEG2, a whole number of rounds of its square."""
    planes = chroma(1) + chroma(2)
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for n in range(FRAMES):
            file.write(b"FRAME\n" + luma(n) + planes)
    return path


def write_tone(path, seconds=10):
    """440 Hz at a fifth of full scale."""
    samples = [round(0.2 * 32767 * math.sin(math.tau * 440 * n / 48000)) for n in range(48000 * seconds)]
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path
