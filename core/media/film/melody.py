"""The music of a film: a pentatonic melody over slow chords, generated from a seed, so that each film has its own."""

import wave
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from core.media.film.script import Tune

RATE = 32_000
BEATS = 64  # sixteen bars of four
MODES = ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10), (0, 2, 5, 7, 9), (0, 2, 5, 7, 10))
Sound = NDArray[np.float32]


def phrase(tune: Tune, seconds: float) -> Sound:
    """One phrase of sixteen bars that lasts `seconds` and can be repeated without a break."""
    beat = seconds / BEATS
    sound = np.zeros(round(seconds * RATE) + RATE * 3, dtype=np.float32)
    for start, length, step in _melody(tune):
        _add(sound, start * beat, _note(_pitch(tune, step), min(length * beat * 1.6, 2.4), tune.instrument), 0.30)
    for bar in range(16):
        root = (0, 3, 1, 3, 0, 2, 3, 0)[bar % 8]
        for step, loud in ((root - 10, 0.20), (root - 7, 0.12)):
            _add(sound, bar * 4 * beat, _pad(_pitch(tune, step), 4 * beat), loud)
    return _looped(sound, round(seconds * RATE))


def write_wav(sound: Sound, path: Path) -> None:
    """Write the sound as a mono WAV file with 16 bits per sample."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((sound * 32_000).astype("<i2").tobytes())


def _melody(tune: Tune) -> list[tuple[float, float, int]]:
    """The notes as (start in beats, length in beats, step of the scale). Form: A A' B A', four bars each."""
    chance = Random(tune.seed)
    theme, bridge = _strain(chance, 0), _strain(chance, 3)
    answer = [*theme[:-2], (14.0, 2.0, 0)]
    parts = (theme, answer, bridge, answer)
    return [(start + 16 * number, length, step) for number, part in enumerate(parts) for start, length, step in part]


def _strain(chance: Random, around: int) -> list[tuple[float, float, int]]:
    notes, at, step = [], 0.0, around
    while at < 14:
        length = chance.choice((0.5, 0.5, 1.0, 1.0, 1.5, 2.0))
        step = max(-3, min(8, step + chance.choice((-2, -1, -1, 0, 1, 1, 2))))
        notes.append((at, min(length, 14 - at), step))
        at += length
    return [*notes, (14.0, 1.0, around), (15.0, 1.0, around + 1)]


def _pitch(tune: Tune, step: int) -> float:
    mode = MODES[tune.mode]
    octave, degree = divmod(step, len(mode))
    return float(440.0 * 2 ** ((tune.key + mode[degree]) / 12 + octave))


def _note(pitch: float, seconds: float, instrument: str) -> Sound:
    t = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    turn = np.float32(2 * np.pi * pitch) * t
    if instrument == "flute":
        body = np.sin(turn + 0.12 * np.sin(2 * np.pi * 5 * t)) + 0.25 * np.sin(2 * turn)
        shape = np.minimum(t / 0.06, 1) * np.minimum((seconds - t) / 0.25, 1).clip(0)
    elif instrument == "bell":
        body = np.sin(turn) + 0.5 * np.sin(2.76 * turn) * np.exp(-6 * t) + 0.3 * np.sin(5.4 * turn) * np.exp(-9 * t)
        shape = np.exp(-2.6 * t)
    else:
        body = np.sin(turn) + 0.5 * np.sin(2 * turn) * np.exp(-5 * t) + 0.3 * np.sin(3 * turn) * np.exp(-8 * t)
        shape = np.exp(-3.6 * t)
    return _faded_in(body * shape)


def _pad(pitch: float, seconds: float) -> Sound:
    t = np.arange(round(seconds * 1.15 * RATE), dtype=np.float32) / RATE
    turn = np.float32(2 * np.pi * pitch) * t
    shape = np.minimum(t / 0.5, 1) * np.minimum((t[-1] - t) / 0.9, 1)
    return _faded_in((np.sin(turn) + 0.4 * np.sin(2.003 * turn)) * shape)


def _faded_in(sound: NDArray[np.floating]) -> Sound:
    """Fade in the first 220 samples, in place, so that the note does not begin with a click."""
    rise = min(220, len(sound))
    sound[:rise] *= np.linspace(0, 1, rise)
    return sound.astype(np.float32)


def _add(sound: Sound, at: float, note: Sound, loud: float) -> None:
    start = round(at * RATE)
    end = min(start + len(note), len(sound))
    sound[start:end] += note[: end - start] * np.float32(loud)


def _looped(sound: Sound, samples: int) -> Sound:
    """Mix what exceeds `samples` into the beginning, so that the phrase can repeat; scale the peak to 0.7."""
    tail = sound[samples:]
    whole = sound[:samples].copy()
    whole[: len(tail)] += tail[: len(whole)]
    return (whole / max(float(np.abs(whole).max()), 1e-6) * 0.7).astype(np.float32)
