"""Light and sound with nothing between them: what the times of the box are compared with.

A press switches the light on. The end of the sound, which is 0.7 s of silence, switches it off and
on again.
"""

import threading

import numpy as np
from gpiozero import LED, DigitalInputDevice
from pyaudio import PyAudio, paInt16

RATE_HZ = 48_000
BLOCK = 1536
SILENT_BLOCKS = 22
"""0.7 s."""

pressed = threading.Event()
light = LED(22)
button = DigitalInputDevice(17, pull_up=True)


def press() -> None:
    light.on()
    pressed.set()


button.when_activated = press
audio = PyAudio()
(device,) = (
    index
    for index in range(audio.get_device_count())
    if "Loopback: PCM (hw:0,1)" in audio.get_device_info_by_index(index)["name"]
)
print("ready", flush=True)
while True:
    pressed.wait()
    stream = audio.open(
        RATE_HZ, 1, paInt16, input=True, input_device_index=device, frames_per_buffer=BLOCK
    )
    heard, silent = False, 0
    while not heard or silent < SILENT_BLOCKS:
        block = np.frombuffer(stream.read(BLOCK, exception_on_overflow=False), np.int16)
        loud = np.abs(block.astype(float)).max() > 500
        heard, silent = heard or loud, 0 if loud else silent + 1
    light.off()
    light.on()
    stream.close()
    light.off()
    pressed.clear()
