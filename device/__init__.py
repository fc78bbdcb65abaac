"""Emotify's device: press, microphone, speech, features, emotion, mood, playlist, player, light."""

import os

# One thread for each numeric library, which reads this when it is imported: on matrices as small as
# a sentence's, a second thread does nothing but wait for the first, at full load.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
