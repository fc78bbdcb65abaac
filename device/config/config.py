"""The configuration: one TOML file, in which every key has a type, unit, range and default.

No library is used for this because those that exist stop at the first mistake or do not know its
line. Here all mistakes of a file are reported at once, each with its line and its remedy. An
unknown key is a mistake. Without a file the defaults apply.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, make_dataclass
from pathlib import Path
from typing import Any

from device import files
from device.config.folders import BUILT_IN_MODELS, SERVICE_CONFIG, config_file
from device.config.types import (
    Address,
    Choice,
    KeyType,
    Link,
    LoopbackAddress,
    Number,
    Pin,
    Secret,
    Switch,
    Text,
    Words,
    context_uri,
    setting,
    split,
    to_toml,
)
from device.errors import ConfigError
from device.mood import Emotion
from device.playlist.preferences import (
    DECADES,
    LANGUAGES,
    Preferences,
    Strategy,
    default_strategies,
)


@dataclass(frozen=True)
class ButtonConfig:
    pin: int = setting(17, Pin(), "the button is between this pin and ground")
    hold_seconds: float = setting(
        1.0, Number(0.3, 10, "s"), "holding the button this long stops the music"
    )


@dataclass(frozen=True, kw_only=True)
class LightConfig:
    red: int = setting(22, Pin(), "the red leg of the LED")
    green: int = setting(27, Pin(), "the green leg")
    blue: int = setting(24, Pin(), "the blue leg")
    common: str = setting(
        "cathode",
        Choice(("cathode", "anode")),
        "the common leg: cathode is ground, anode is 3.3 V",
    )
    brightness: float = setting(1.0, Number(0, 1), "brightness of the light; 0 is dark")
    beacon: bool = setting(False, Switch(), "blink faintly every five seconds when ready")


@dataclass(frozen=True)
class MicrophoneConfig:
    name: str = setting(
        "", Text("part of the microphone's name"), "the microphone; empty: the system's default"
    )


@dataclass(frozen=True)
class MoodConfig:
    when_unsure: str = setting(
        "ask",
        Choice(("ask", "guess")),
        "when no mood is sure: ask = show that, play nothing; guess = play the most likely mood",
    )


@dataclass(frozen=True)
class ModelsConfig:
    folder: str = setting(
        "",
        Text("a folder"),
        "folder of the model and the playlists; empty: Emotify's own",
    )


@dataclass(frozen=True)
class PlaylistsConfig:
    minutes: float = setting(
        90, Number(30, 180, "minutes"), "length of a playlist; it always has 20 to 30 tracks"
    )
    explicit: bool = setting(
        True, Switch(), "allow explicit tracks; where no table says so: rap and profane titles"
    )
    avoid: str = setting(
        "",
        Text("words or phrases, separated by commas"),
        "never play titles with these words, besides those about violence and suicide",
    )
    allow: str = setting(
        "",
        Text("words or phrases, separated by commas"),
        "play titles with these words, although Emotify would avoid them",
    )
    decades: str = setting("", Words(DECADES), "prefer tracks of these decades; empty: all")
    languages: str = setting("", Words(LANGUAGES), "prefer tracks in these languages; empty: all")
    lift_valence: float = setting(
        0.8, Number(0, 1), "valence that a lift ends at: 0 is unpleasant, 1 is pleasant"
    )
    lift_arousal: float = setting(
        0.5, Number(0, 1), "arousal that a lift ends at: 0 is calm, 1 is excited"
    )
    reccobeats_url: str = setting(
        "https://api.reccobeats.com", Address(), "the service with the audio features of tracks"
    )


def _each(name: str, key_type: KeyType, meaning: str, defaults: Mapping[Emotion, str]) -> type:
    """A section class with a key for each emotion."""
    keys = [(str(e), str, setting(str(defaults[e]), key_type, meaning.format(e))) for e in Emotion]
    return make_dataclass(name, keys, frozen=True)


StrategiesConfig = _each(
    "StrategiesConfig",
    Choice(tuple(Strategy)),
    "for {}: match = music like the mood; lift = from there to a pleasant, calm mood",
    default_strategies(),
)
LinksConfig = _each(
    "LinksConfig", Link(), "play this for {} instead of a selection; empty: a selection",
    dict.fromkeys(Emotion, ""),
)  # fmt: skip


@dataclass(frozen=True)
class PlayerConfig:
    speaker: str = setting(
        "", Text("a speaker's name"), "the speaker, see `emotify speakers`; empty: the active one"
    )


@dataclass(frozen=True, kw_only=True)
class SpotifyConfig:
    client_id: str = setting(
        "", Secret("your app's client id"), "your app at https://developer.spotify.com/dashboard"
    )
    redirect_uri: str = setting(
        "http://127.0.0.1:8000/callback", LoopbackAddress(), "redirect address, as in the dashboard"
    )
    api_url: str = setting("https://api.spotify.com/v1", Address(), "Spotify's Web API")
    accounts_url: str = setting(
        "https://accounts.spotify.com", Address(), "Spotify's accounts service"
    )
    timeout_seconds: float = setting(5.0, Number(0.1, 60, "s"), "timeout of one request")
    round_seconds: float = setting(10.0, Number(1, 60, "s"), "timeout of all requests of a press")


@dataclass(frozen=True)
class SimulationConfig:
    pins: bool = setting(
        False, Switch(), "simulate the pins, where there are none; `emotify press` is the button"
    )
    recording: str = setting("", Text("a file"), "a recording in place of the microphone")


@dataclass(frozen=True, kw_only=True)
class Config:
    """The configuration: a section for each part of the device."""

    button: ButtonConfig = field(default_factory=ButtonConfig)
    light: LightConfig = field(default_factory=LightConfig)
    microphone: MicrophoneConfig = field(default_factory=MicrophoneConfig)
    mood: MoodConfig = field(default_factory=MoodConfig)
    models: ModelsConfig = field(default_factory=ModelsConfig)
    playlists: PlaylistsConfig = field(default_factory=PlaylistsConfig)
    strategies: Any = field(default_factory=StrategiesConfig)
    links: Any = field(default_factory=LinksConfig)
    player: PlayerConfig = field(default_factory=PlayerConfig)
    spotify: SpotifyConfig = field(default_factory=SpotifyConfig)
    simulation: SimulationConfig = field(default_factory=SimulationConfig)

    @property
    def models_folder(self) -> Path:
        """The folder of the model and the playlists."""
        own = self.models.folder
        return Path(own).expanduser() if own else BUILT_IN_MODELS

    @property
    def preferences(self) -> Preferences:
        """What the person wants the playlists to be."""
        return Preferences(
            strategies={
                emotion: Strategy(getattr(self.strategies, emotion)) for emotion in Emotion
            },
            links={e: uri for e in Emotion if (uri := context_uri(getattr(self.links, e)))},
            minutes=self.playlists.minutes,
            explicit=self.playlists.explicit,
            avoided=self.playlists.avoid,
            allowed=self.playlists.allow,
            decades=tuple(map(int, split(self.playlists.decades))),
            languages=split(self.playlists.languages),
            lift_target=(self.playlists.lift_valence, self.playlists.lift_arousal),
        )

    def __str__(self) -> str:
        """The configuration as a TOML file with every key, secrets masked."""
        return "\n".join(_print_section(section.name, getattr(self, section.name))
                         for section in fields(self))  # fmt: skip


def find() -> Path | None:
    """The configuration file of this user, else of this machine, else None."""
    found = (path for path in (config_file(), SERVICE_CONFIG) if files.may_exist(path))
    return next(found, None)


def load(path: Path | None) -> Config:
    """Read a configuration file; with None, the defaults.

    Raises
    ------
    ConfigError
        With all mistakes of the file, a line each.
    """
    config, mistakes = read(path)
    if mistakes:
        listed = "\n".join(f"  {mistake}" for mistake in mistakes)
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise ConfigError(f"{path} has {count}:\n{listed}")
    return config


def read(path: Path | None) -> tuple[Config, list[str]]:
    """Read what can be read of a configuration file.

    Returns
    -------
    config : Config
        With the default for each key that is absent or wrong.
    mistakes : list of str
        Each with its line and its remedy; empty for a good file.
    """
    if path is None:
        return Config(), []
    try:
        text = path.read_text(encoding="utf-8")
        found = files.parse_toml(text)
    except OSError as error:
        return Config(), [f"It cannot be read: {error.strerror}."]
    except UnicodeDecodeError:
        return Config(), ["It is not UTF-8 text: save it as such."]
    except ValueError as error:
        return Config(), [f"It is not TOML: {error}."]
    sections: dict[str, Any] = {}
    mistakes: list[tuple[int, str]] = []
    lines = _Lines(text)
    for name in found.keys() - {section.name for section in fields(Config)}:
        known = [section.name for section in fields(Config)]
        mistakes.append((lines.of(name), _unknown(f"[{name}]", name, known)))
    for section in fields(Config):
        section_class = _section_class(section)
        values, wrong = _read_section(section_class, section.name, found.get(section.name, {}))
        mistakes += [(lines.of(section.name, key), words) for key, words in wrong]
        sections[section.name] = section_class(**values)
    config = Config(**sections)
    mistakes += [(lines.of(*key), words) for key, words in _shared_pins(config, lines)]
    return config, [f"line {line}: {words}" for line, words in sorted(mistakes)]


def _section_class(section: Field) -> Any:
    """The class of a section; its fields are the keys."""
    return section.default_factory


def _read_section(
    section_class: Any, name: str, found: Any
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    if not isinstance(found, dict):
        return {}, [("", f"{name} is a section: write [{name}]")]
    known = {key.name: key.metadata["type"] for key in fields(section_class)}
    values: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for key, value in found.items():
        if key not in known:
            wrong.append((key, _unknown(f"[{name}] {key}", key, known)))
        elif remedy := known[key].check(value):
            given = "" if isinstance(known[key], Secret) else f" = {value!r}"
            wrong.append((key, f"[{name}] {key}{given}: {remedy}"))
        else:
            values[key] = value
    return values, wrong


def _unknown(what: str, word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return f"{what} is not a key of Emotify: {remedy}"


def _shared_pins(config: Config, lines: "_Lines") -> Iterator[tuple[tuple[str, str], str]]:
    """The keys whose pin is also another one's; that of a default is not to blame."""
    keys = [
        (section.name, key.name)
        for section in fields(config)
        for key in fields(_section_class(section))
        if isinstance(key.metadata["type"], Pin)
    ]
    taken: dict[int, tuple[str, str]] = {}
    for section, key in sorted(keys, key=lines.has):
        pin = getattr(getattr(config, section), key)
        if pin in taken:
            other, its_key = taken[pin]
            words = f"[{section}] {key} = {pin} is also [{other}] {its_key}: give each its own pin"
            yield (section, key), words
        taken.setdefault(pin, (section, key))


class _Lines:
    """The lines of the sections and keys in a TOML text, which tomllib does not give."""

    def __init__(self, text: str):
        self._lines: dict[tuple[str, str], int] = {}
        section = ""
        for number, line in enumerate(text.splitlines(), 1):
            if head := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
                section = head[1].strip("\"'")
                self._lines.setdefault((section, ""), number)
            elif key := re.match(r"\s*([\w\"'.-]+)\s*=", line):
                name = key[1].strip("\"'")
                at = (section, name) if section else (name.split(".")[0], name.partition(".")[2])
                self._lines.setdefault(at, number)

    def has(self, key: tuple[str, str]) -> bool:
        return key in self._lines

    def of(self, section: str, key: str = "") -> int:
        return self._lines.get((section, key)) or self._lines.get((section, ""), 1)


def _print_section(name: str, section: Any) -> str:
    lines = [f"[{name}]"]
    for key in fields(section):
        key_type, meaning = key.metadata["type"], key.metadata["meaning"]
        lines.append(f"# {meaning} ({key_type})")
        lines.append(f"{key.name} = {to_toml(key_type, getattr(section, key.name))}")
    return "\n".join(lines) + "\n"
