"""Speak one list of words with the eSpeak NG library, in a process of its own.

This file needs the standard library only, because it is started once for every voice
(`python espeak.py < job.json > sound.bin`). A process of its own is what makes the sound
repeatable: the library keeps state from one word to the next (the position in its table of
voice flutter) that even ending and starting it again does not reset.
Source of the interface: eSpeak NG, `speak_lib.h` and `espeak_ng.h` in `src/include/espeak-ng`.
"""

import array
import ctypes
import json
import struct
import sys
from pathlib import Path

SYNCHRONOUS = (
    2  # espeak_AUDIO_OUTPUT: samples go to the callback, before espeak_Synth returns; nothing is played
)
DO_NOT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: report missing voice data, do not end the process
RATE, PITCH = 1, 3  # espeak_PARAMETER: words per minute; 0..100 with 50 as the voice's own
CHARACTERS, UTF8 = 1, 1  # espeak_POSITION_TYPE; espeakCHARS_UTF8
SEED = 1  # of its noise: breath, whisper, hiss
STATUS = {-1: "internal error", 1: "buffer full", 2: "not found"}  # espeak_ERROR

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakError(RuntimeError):
    """The library refused: it could not start, or has no such voice."""


class Espeak:
    """The eSpeak NG library, loaded and started once.

    library     path of the shared library
    data        path of the folder `espeak-ng-data` that goes with it
    sample_rate in Hz, as the library reports it (22,050)
    Raises      EspeakError if the library cannot be loaded or started
    """

    def __init__(self, library: str, data: str):
        self.data = Path(data)
        try:
            self._library = ctypes.CDLL(library)
        except OSError as error:
            raise EspeakError(f"the library could not be loaded: {error}") from error
        self._chunks: list[bytes] = []
        self._callback = _Callback(self._receive)  # kept: the library holds only a pointer to it
        self.sample_rate = self._library.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), DO_NOT_EXIT)
        if self.sample_rate <= 0:
            raise EspeakError(f"it did not start with the voice data in {data} (code {self.sample_rate})")
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(SEED))  # it has just taken the time of day as seed
        self._library.espeak_SetSynthCallback(self._callback)

    def set_voice(self, voice: str) -> None:
        """Choose a voice by language and variant, such as `en-us+f3` or `cmn+m1`."""
        variant = voice.partition("+")[2]
        # The library takes an unknown variant without a word and speaks in its plain voice.
        if variant and not (self.data / "voices" / "!v" / variant).is_file():
            raise EspeakError(f"it has no voice variant {variant!r}")
        self._check(self._library.espeak_SetVoiceByName(voice.encode()), f"choosing the voice {voice!r}")

    def speak(self, text: str, rate: int, pitch: int) -> bytes:
        """Return the sound of a text as 16-bit samples in the machine's byte order.

        rate   words per minute, 80 to 450
        pitch  0 to 100; 50 is the voice's own
        """
        self._chunks.clear()
        self._check(self._library.espeak_SetParameter(RATE, rate, 0), f"setting the rate {rate}")
        self._check(self._library.espeak_SetParameter(PITCH, pitch, 0), f"setting the pitch {pitch}")
        encoded = text.encode()
        size = ctypes.c_size_t(len(encoded) + 1)  # with the zero that ends a C string
        status = self._library.espeak_Synth(encoded, size, 0, CHARACTERS, 0, UTF8, None, None)
        self._check(status, f"speaking {text!r}")
        self._check(self._library.espeak_Synchronize(), f"finishing {text!r}")
        return b"".join(self._chunks)

    def _receive(self, samples, count: int, _events) -> int:
        if samples and count > 0:
            self._chunks.append(ctypes.string_at(samples, 2 * count))
        return 0  # go on

    @staticmethod
    def _check(status: int, doing: str) -> None:
        if status != 0:
            raise EspeakError(f"{doing}: {STATUS.get(status, 'error')} (code {status})")


def speak_job(job: dict) -> bytes:
    """Speak `job["takes"]`, a list of [text, rate, pitch], with one voice.

    The answer is the sample rate and the number of takes, then each take's length in samples
    (all of them unsigned 32-bit), then the samples of all takes one after another.
    """
    espeak = Espeak(job["library"], job["data"])
    espeak.set_voice(job["voice"])
    sounds = [espeak.speak(text, rate, pitch) for text, rate, pitch in job["takes"]]
    lengths = [len(sound) // 2 for sound in sounds]
    return struct.pack(f"=II{len(lengths)}I", espeak.sample_rate, len(lengths), *lengths) + b"".join(sounds)


def read_answer(answer: bytes) -> tuple[int, list[array.array]]:
    """Take `speak_job`'s answer apart: the sample rate in Hz, and one array of 16-bit samples per take."""
    sample_rate, count = struct.unpack_from("=II", answer)
    lengths = struct.unpack_from(f"={count}I", answer, 8)
    start, sounds = 8 + 4 * count, []
    for length in lengths:
        sounds.append(array.array("h", answer[start : start + 2 * length]))
        start += 2 * length
    return sample_rate, sounds


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(speak_job(json.loads(sys.stdin.buffer.read())))
    except EspeakError as error:
        sys.exit(str(error))
