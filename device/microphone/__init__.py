"""The microphone: mono sound at one sampling rate, live or from a recording."""

SAMPLE_RATE = 16_000
"""Sampling rate of all sound inside Emotify, in Hz."""
