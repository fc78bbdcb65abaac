"""Calibration: the temperature and the threshold, from clips of validation actors."""

import numpy as np

COVERAGE = 0.8
"""Share of the validation clips that the device is to be sure of."""

_TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(5.0), 321))
_LEAST_PROBABILITY = 1e-4


def tempered(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities as the device gives them (Guo et al. 2017).

    Parameters
    ----------
    probabilities : np.ndarray [shape=(n, 8)]
    temperature : float > 0
    """
    powers = np.maximum(probabilities, _LEAST_PROBABILITY) ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def best_temperature(probabilities: np.ndarray, emotions: np.ndarray) -> float:
    """The temperature with the least negative log-likelihood; to about 1 %."""
    rows = np.arange(len(emotions))
    losses = [-np.log(tempered(probabilities, t)[rows, emotions]).mean() for t in _TEMPERATURES]
    return round(float(_TEMPERATURES[np.argmin(losses)]), 3)


def threshold_for(probabilities: np.ndarray, temperature: float) -> float:
    """The threshold that a share of ``COVERAGE`` of the clips reach."""
    confidence = tempered(probabilities, temperature).max(axis=1)
    return round(float(np.quantile(confidence, 1 - COVERAGE)), 3)
