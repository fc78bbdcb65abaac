"""Speech: where a sentence begins and ends in the sound."""
