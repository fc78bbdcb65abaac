"""The settings of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The recipe of a run.

    Attributes
    ----------
    epochs : int > 0
        There is no early stopping: the learning rate decays to zero at the last epoch.
    steps : int > 0
        Batches of an epoch.
    ravdess_clips, other_clips : int > 0
        In a batch: of RAVDESS, and of all other corpora together.
    learning_rate, weight_decay : float > 0
        Of AdamW, at its highest (Loshchilov & Hutter 2019).
    label_smoothing : float in 0..1
        Szegedy et al. 2016.
    mixup : float >= 0
        Parameter of the beta distribution (Zhang et al. 2018); 0 mixes nothing.
    listeners : float in 0..1
        Weight of the listeners' label against the acted one, where there is one.
    time_masks : int >= 0
        Maximum number of time masks in a sentence (Park et al. 2019).
    variants : int > 0
        Maximum number of augmented variants of each recording; see
        :func:`training.emotion.features.variants`.
    longest_frames : int > 0
        Longer sentences are cut to a random segment.
    components : int > 0
        See :class:`training.emotion.linear.Projection`.
    width, dense : int > 0
        Channels over time, and of the statistics; see
        :func:`training.emotion.network.build_model`.
    channel_dropout, dropout : float in 0..1
    linear_strength : float > 0
        The inverse of the regularisation of :class:`training.emotion.linear.Linear`.
    quantisation : str
        ``dynamic`` or ``int8``; see :mod:`training.emotion.conversion`.
    folds : int in 0..5
        Number of folds that are trained.
    seeds : int > 0
        Number of networks for each fold, with the seeds 0, 1, ...
    """

    epochs: int = 12
    steps: int = 100
    ravdess_clips: int = 40
    other_clips: int = 56
    learning_rate: float = 8e-4
    weight_decay: float = 3e-2
    label_smoothing: float = 0.1
    mixup: float = 0.3
    listeners: float = 0.0
    time_masks: int = 2
    variants: int = 6
    longest_frames: int = 48
    components: int = 512
    width: int = 96
    dense: int = 160
    channel_dropout: float = 0.3
    dropout: float = 0.4
    linear_strength: float = 3e-4
    quantisation: str = "dynamic"
    folds: int = 5
    seeds: int = 1

    @classmethod
    def quick(cls) -> "Settings":
        """The smallest settings for every step; the model is useless."""
        return cls(
            epochs=2,
            steps=2,
            ravdess_clips=8,
            other_clips=8,
            variants=1,
            components=8,
            width=8,
            dense=8,
            folds=2,
        )
