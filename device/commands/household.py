"""`emotify household`: tell what is known of the household, or forget it."""

import argparse
import time
from math import exp

from device import assembly
from device.clock import SystemClock
from device.config import config
from device.emotion.household import Household, Refusals, VoiceMean
from device.mood import Emotion


def run(args: argparse.Namespace) -> int:
    """Print what is known in words, or delete it."""
    model = assembly.classifier(config.load(args.config))
    file = assembly.household(model, SystemClock())
    if args.action == "forget":
        print("Forgotten." if file.forget() else "Nothing was known.")
        return 0
    print(in_words(file.read()))
    return 0


def in_words(household: Household) -> str:
    """What is known, in sentences for the owner."""
    if not household.voices and not household.refusals:
        return "Emotify does not know this household yet: it learns from every sentence it hears."
    voices = [_of_voices(name, known) for name, known in household.voices.items()]
    refusals = [_of_refusals(emotion, known) for emotion, known in household.refusals.items()]
    return "\n".join(voices + refusals)


def _of_voices(microphone: str, known: VoiceMean) -> str:
    since, until = (
        time.strftime("%Y-%m-%d", time.localtime(at)) for at in (known.since, known.until)
    )
    heard = "1 sentence" if known.sentences == 1 else f"{known.sentences} sentences"
    often = known.counts.argmax()
    lopsided = known.sentences > 1 and known.counts[often] > 0.6 * known.counts.sum()
    mostly = f", mostly {list(Emotion)[often]}" if lopsided else ""
    how_well = "hardly" if known.weight < 0.25 else "a little" if known.weight < 0.5 else "well"
    return (
        f"{microphone}: known {how_well}, from {heard}{mostly}, since {since} (the latest on "
        f"{until}).\n"
        f"    {known.weight:.0%} of how voices sound here on average is subtracted from every "
        "sentence."
    )


def _of_refusals(emotion: Emotion, known: Refusals) -> str:
    times = "once" if known.times == 1 else f"{known.times} times"
    return f"{emotion}: refused {times}; now {exp(-known.strength):.2f} times as likely as before."
