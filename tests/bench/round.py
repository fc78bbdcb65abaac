"""Times rounds of the appliance, with speculation and without, in turn.

    python tests/bench/round.py [--rounds 50]

The button and the light are simulated pins, the microphone is a recording in real time, Spotify is
the local stand-in; the rest is the device. Prints the time from the press to the light, from the
end of the speech (the last of its 0.7 s of silence) to the mood, and from the mood to the music,
and the processor time of a round by thread. The recordings are those of RAVDESS's first actor in
EMOTIFY_DATA, or a synthetic sentence. 50 rounds take 8 minutes.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from box import Box, NotingMicrophone, recordings
from tqdm import tqdm

from device.appliance import events
from device.clock import SystemClock
from device.simulation.spotify import SpotifyStandIn

MODES = {"with": 2, "without": 0}
STEPS = {
    "listener": "microphone, endpointing",
    "recogniser": "features, networks",
    "player": "playlist, Spotify",
    "light": "light",
    "main loop": "state machine",
}
Figures = dict[str, list[float]]


def play(box: Box, figures: Figures) -> None:
    """One round; its figures in ms."""
    before = box.processor_seconds()
    pressed = time.perf_counter()
    box.button.press()
    box.wait_for(events.Opened)
    figures["press to light"].append(1000 * (box.led.lit_at - pressed))
    box.wait_for(events.Heard)
    ended = box.microphone.delivered_at
    recognised, _ = box.wait_for(events.Recognised)
    playing, _ = box.wait_for(events.Playing)
    figures["end of speech to mood"].append(1000 * (recognised - ended))
    figures["mood to playing"].append(1000 * (playing - recognised))
    box.daemon.hold()
    box.wait_for(events.Stopped)
    after = box.processor_seconds()
    for thread, what in STEPS.items():
        figures[what].append(1000 * (after[thread] - before[thread]))


def percentile(values: list[float], percent: int) -> float:
    """With linear interpolation."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def main(rounds: int) -> None:
    """Print the table."""
    figures: dict[str, Figures] = {mode: defaultdict(list) for mode in MODES}
    with SpotifyStandIn() as spotify, tempfile.TemporaryDirectory() as folder:
        files = recordings(Path(folder))
        boxes = {}
        for mode, speculations in MODES.items():
            own = Path(folder) / mode
            own.mkdir()
            microphone = NotingMicrophone(files[0], SystemClock())
            account = spotify.account(own / "token.json")
            boxes[mode] = Box(microphone, account, SystemClock(), own, speculations=speculations)
        for number in tqdm(range(rounds), disable=None):
            for mode, box in boxes.items():
                box.microphone.path = files[number % len(files)]
                play(box, figures[mode])
        for box in boxes.values():
            box.close()
    print(f"{rounds} rounds; speculation:   with: median    95 %   without: median    95 %   ratio")
    for what in ("press to light", "end of speech to mood", "mood to playing"):
        line = f"  {what:28}"
        for mode in MODES:
            values = figures[mode][what]
            line += f"{percentile(values, 50):12.1f} {percentile(values, 95):7.1f}   "
        ratio = percentile(figures["without"][what], 50) / percentile(figures["with"][what], 50)
        print(f"{line}  {ratio:6.1f}")
    print("processor time of a round, ms:")
    for what in STEPS.values():
        means = [statistics.fmean(figures[mode][what]) for mode in MODES]
        print(f"  {what:28}{means[0]:12.1f}           {means[1]:12.1f}")
    totals = [
        sum(statistics.fmean(figures[mode][what]) for what in list(STEPS.values())[1:])
        for mode in MODES
    ]
    print(f"  {'all but the endpointing':28}{totals[0]:12.1f}           {totals[1]:12.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    main(parser.parse_args().rounds)
