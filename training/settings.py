"""Settings: everything that a run's result depends on, besides the recordings and the code."""

from dataclasses import dataclass, field

from device.features import FrontEnd


@dataclass(frozen=True)
class Settings:
    """The recipe of a run.

    Attributes
    ----------
    epochs : int > 0
        All of them are trained: the learning rate has come down to nothing at the last.
    batch : int > 0
        Clips a step.
    learning_rate, weight_decay : float > 0
        Of AdamW, at its highest (Loshchilov & Hutter 2019).
    label_smoothing : float in 0..1
        Szegedy et al. 2016.
    mixup : float >= 0
        Parameter of the beta distribution (Zhang et al. 2018); 0 mixes nothing.
    width : int > 0
        See :func:`training.network.build_model`.
    dropout : float in 0..1
    quantisation : str
        ``dynamic`` or ``int8``; see :mod:`training.conversion`.
    folds : int in 1..5
        How many of the folds are trained.
    seeds : int > 0
        How often each fold is trained, with the seeds 0, 1, ...
    front_end : FrontEnd
    """

    epochs: int = 75
    batch: int = 32
    learning_rate: float = 1.5e-3
    weight_decay: float = 1e-2
    label_smoothing: float = 0.1
    mixup: float = 0.2
    width: int = 96
    dropout: float = 0.3
    quantisation: str = "dynamic"
    folds: int = 5
    seeds: int = 1
    front_end: FrontEnd = field(default_factory=FrontEnd)

    @classmethod
    def quick(cls) -> "Settings":
        """The smallest recipe that goes through every step; its model knows nothing."""
        return cls(epochs=2, batch=16, width=12, folds=2)
