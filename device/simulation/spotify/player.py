"""The player behind the Web API: speakers, and a playback state that commands change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from device.clock import Clock
from device.simulation.spotify.answer import refused
from device.simulation.spotify.state import TRACK_SECONDS, PlaybackState, SimulatedSpeaker


class SimulatedPlayer:
    """The playback of one account.

    Attributes
    ----------
    speakers : list of SimulatedSpeaker
    premium : bool
        Without it every command is refused.
    lag_seconds : float
        Delay until a change is visible in the Web API.
    titles : dict of str to str
        Titles of tracks by their URI; other tracks have their id as title.
    twins : dict of str to str
        Tracks that are replaced by another one, as Spotify does in some countries.
    """

    def __init__(self, speakers: list[SimulatedSpeaker], clock: Clock):
        for number, speaker in enumerate(speakers):
            if speaker.id is None and not speaker.restricted:
                speaker.id = f"{number:040x}"
        self.speakers = speakers
        self.premium = True
        self.lag_seconds = 0.0
        self.titles: dict[str, str] = {}
        self.twins: dict[str, str] = {}
        self._clock = clock
        self._state = PlaybackState()
        self._before = PlaybackState()
        self._changed_at = float("-inf")

    @property
    def uri(self) -> str | None:
        """The current track, playing or not."""
        return self._current().uri

    @property
    def speaker(self) -> SimulatedSpeaker | None:
        """The active speaker."""
        return self._state.speaker

    @property
    def playing(self) -> bool:
        """Whether music plays."""
        return self._current().playing

    def listed(self) -> list[dict[str, Any]]:
        """The speakers as the Web API lists them."""
        shown = (speaker for speaker in self.speakers if speaker.listed and not speaker.asleep)
        return [self._device(speaker) for speaker in shown]

    def shown(self) -> dict[str, Any] | None:
        """The state as the Web API shows it; None when no speaker is active."""
        lagging = self._clock.now() - self._changed_at < self.lag_seconds
        state = self._before if lagging else self._current()
        if state.speaker is None:
            return None
        uri = state.uri
        return {
            "device": self._device(state.speaker),
            "repeat_state": state.repeat,
            "shuffle_state": state.shuffle,
            "context": _context(state.context_uri),
            "timestamp": int(self._clock.time() * 1000),
            "progress_ms": int(state.heard(self._clock.now()) * 1000),
            "is_playing": state.playing,
            "item": self._item(uri) if uri else None,
            "currently_playing_type": "track" if uri else "unknown",
            "actions": {"disallows": {"resuming" if state.playing else "pausing": True}},
        }

    def queue(self) -> dict[str, Any]:
        """The current track and the queue."""
        state = self._current()
        following = state.queue + state.uris[state.index + 1 :]
        return {
            "currently_playing": self._item(state.uri) if state.uri else None,
            "queue": [self._item(following_uri) for following_uri in following],
        }

    def play(self, device_id: str | None, body: Mapping[str, Any]) -> None:
        speaker = self._target(device_id)
        uris, context_uri = body.get("uris"), body.get("context_uri")
        fresh = uris is not None or context_uri is not None
        if not fresh and (self.playing or not self._state.uris):
            raise _restriction()
        state = self._change()
        state.speaker = speaker
        state.playing = True
        if fresh:
            state.context_uri = context_uri
            state.uris = uris or [f"spotify:track:{number:022}" for number in range(10)]
            state.index = body.get("offset", {}).get("position", 0) % len(state.uris)
            state.heard_seconds = 0.0
        if "position_ms" in body:
            state.heard_seconds = body["position_ms"] / 1000

    def pause(self, device_id: str | None) -> None:
        speaker = self._target(device_id)
        if not self.playing or speaker is not self.speaker:
            raise _restriction()
        self._change().playing = False

    def fall_asleep(self, name: str) -> None:
        """Put a speaker to sleep."""
        for speaker in self.speakers:
            if speaker.name == name:
                speaker.asleep = True

    def skip(self, device_id: str | None, steps: int) -> None:
        self._target(device_id)
        if not self._state.uris:
            raise _restriction()
        state = self._change()
        state.index = (state.index + steps) % len(state.uris)
        state.heard_seconds = 0.0

    def seek(self, device_id: str | None, position_ms: int) -> None:
        self._target(device_id)
        self._change().heard_seconds = position_ms / 1000

    def transfer(self, device_id: str, play: bool) -> None:
        speaker = self._target(device_id)
        state = self._change()
        state.speaker = speaker
        state.playing = bool(state.uris) and (play or state.playing)

    def set_volume(self, device_id: str | None, percent: int) -> None:
        speaker = self._target(device_id)
        if speaker.volume is None:
            raise refused(
                403,
                "Player command failed: Cannot control device volume",
                "VOLUME_CONTROL_DISALLOW",
            )
        speaker.volume = percent

    def set_shuffle(self, device_id: str | None, on: bool) -> None:
        self._target(device_id)
        self._change().shuffle = on

    def set_repeat(self, device_id: str | None, mode: str) -> None:
        self._target(device_id)
        self._change().repeat = mode

    def enqueue(self, device_id: str | None, uri: str) -> None:
        self._target(device_id)
        self._change().queue.append(uri)

    def _target(self, device_id: str | None) -> SimulatedSpeaker:
        if not self.premium:
            raise refused(403, "Player command failed: Premium required", "PREMIUM_REQUIRED")
        if device_id is None:
            if self._state.speaker is None or self._state.speaker.asleep:
                raise refused(
                    404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE"
                )
            return self._state.speaker
        for speaker in self.speakers:
            if speaker.id == device_id and not speaker.asleep:
                if speaker.restricted:
                    raise refused(403, "Player command failed: Restricted device", "UNKNOWN")
                return speaker
        raise refused(404, "Device not found")

    def _change(self) -> PlaybackState:
        now = self._current()
        self._before = replace(now, uris=list(now.uris), queue=list(now.queue))
        self._changed_at = self._clock.now()
        state = self._state
        state.heard_seconds, state.since = state.heard(self._changed_at), self._changed_at
        return state

    def _current(self) -> PlaybackState:
        self._state.advance(self._clock.now())
        return self._state

    def _device(self, speaker: SimulatedSpeaker) -> dict[str, Any]:
        return speaker.described(active=speaker is self._state.speaker)

    def _item(self, uri: str) -> dict[str, Any]:
        title = self.titles.get(uri, uri.rpartition(":")[2])
        played = self.twins.get(uri, uri)
        return {
            "type": "track",
            "id": played.rpartition(":")[2],
            "uri": played,
            "name": title,
            "duration_ms": int(TRACK_SECONDS * 1000),
            "artists": [{"type": "artist", "name": "Stand-in"}],
            "is_local": False,
        }


def _context(uri: str | None) -> dict[str, Any] | None:
    return {"type": uri.split(":")[1], "uri": uri} if uri else None


def _restriction() -> Exception:
    return refused(403, "Player command failed: Restriction violated", "UNKNOWN")
