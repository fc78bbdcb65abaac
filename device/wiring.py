"""The picture of the wiring, as SVG, from the pins in the configuration.

    print(draw(config.button, config.light))

The header with 40 pins is the same on every board from Zero 2 W to Pi 5.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from device.config.config import ButtonConfig, LightConfig

GROUND, VOLTS_3_3, VOLTS_5 = "ground", "3.3 V", "5 V"

HEADER: tuple[int | str, ...] = (
    VOLTS_3_3, VOLTS_5, 2, VOLTS_5, 3, GROUND, 4, 14, GROUND, 15, 17, 18, 27, GROUND, 22, 23,
    VOLTS_3_3, 24, 10, GROUND, 9, 25, 11, 8, GROUND, 7, 0, 1, 5, GROUND, 6, 12, 13, GROUND,
    19, 16, 26, 20, GROUND, 21,
)  # fmt: skip
"""What each pin is, the first being pin 1: a GPIO number (BCM) or a voltage."""

RESISTORS = {"red": "180 Ω", "green": "68 Ω", "blue": "68 Ω"}
"""At 3.3 V red (2.0 V) gets 7 mA, green and blue (3.0 V) 4 mA; a pin may give 16 mA."""

_COLOURS = {
    "red": "#d32f2f", "green": "#2e7d32", "blue": "#1565c0", "button": "#ef6c00",
    GROUND: "#37474f", VOLTS_3_3: "#ad1457",
}  # fmt: skip

_WIDTH, _HEIGHT = 790, 610
_TOP, _PITCH = 100, 22
_ODD_X, _EVEN_X = 150, 178
_CHANNEL_X, _CHANNEL_STEP = 296, 14
_PART_X = 430


@dataclass(frozen=True)
class Wire:
    """A wire from a pin of the header to a terminal of a part.

    Attributes
    ----------
    pin : int in 1..40
        The number on the header.
    terminal : str
        ``button``, ``button ground``, ``red``, ``green``, ``blue`` or ``common``.
    """

    pin: int
    terminal: str

    @property
    def carries(self) -> int | str:
        """A GPIO number or a voltage."""
        return HEADER[self.pin - 1]


def wires(button: ButtonConfig, light: LightConfig) -> list[Wire]:
    """The wires of the box; ground and 3.3 V are taken where they are nearest."""
    press = _pin(button.pin)
    colours = [_pin(getattr(light, colour)) for colour in RESISTORS]
    ground = _nearest(GROUND, [press], taken=[])
    voltage = GROUND if light.common == "cathode" else VOLTS_3_3
    return [
        Wire(press, "button"),
        Wire(ground, "button ground"),
        *(Wire(pin, colour) for pin, colour in zip(colours, RESISTORS, strict=True)),
        Wire(_nearest(voltage, colours, taken=[ground]), "common"),
    ]


def _pin(gpio: int) -> int:
    return HEADER.index(gpio) + 1


def _nearest(voltage: str, pins: Sequence[int], taken: Sequence[int]) -> int:
    free = [n for n, what in enumerate(HEADER, 1) if what == voltage and n not in taken]
    return min(free, key=lambda pin: sum(abs(_y(pin) - _y(other)) for other in pins))


def draw(button: ButtonConfig, light: LightConfig) -> str:
    """The picture as an SVG document."""
    connected = wires(button, light)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" font-size="12">',
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
            _text(24, 30, "How to wire the button and the light", size=18, bold=True),
            _text(24, 50, "Switch the Pi off first. Names with GPIO are those of the "
                  "configuration; the numbers count the pins of the header.", size=12),
            _board(),
            *(_drawn(wire, number) for number, wire in enumerate(connected)),
            *_pins({wire.pin: wire for wire in connected}),
            *_button(),
            *_led(light),
            *_notes(button, light),
            "</svg>",
            "",
        ]
    )  # fmt: skip


def _board() -> str:
    return (
        f'<rect x="{_ODD_X - 14}" y="{_TOP - 14}" width="{_EVEN_X - _ODD_X + 28}" '
        f'height="{19 * _PITCH + 28}" rx="4" fill="#263238"/>'
    )


def _pins(used: dict[int, Wire]) -> Iterable[str]:
    for pin, what in enumerate(HEADER, 1):
        x, y = _x(pin), _y(pin)
        colour = _colour(used[pin]) if pin in used else "#90a4ae"
        yield f'<circle cx="{x}" cy="{y}" r="9" fill="{colour}"/>'
        yield _text(x, y + 4, str(pin), size=10, anchor="middle", fill="white")
        label = f"GPIO {what}" if isinstance(what, int) else what
        side, anchor = (_ODD_X - 22, "end") if pin % 2 else (_EVEN_X + 22, "start")
        yield _text(side, y + 4, label, anchor=anchor, fill=colour, bold=pin in used)
    yield _text(_ODD_X - 22, _TOP - 20, "corner of the board", size=11, anchor="end")


def _drawn(wire: Wire, number: int) -> str:
    """To the terminal: from a pin on the left between the rows, on the right from its label."""
    x, y, channel = _x(wire.pin), _y(wire.pin), _CHANNEL_X + number * _CHANNEL_STEP
    row = y + _PITCH / 2 if wire.pin % 2 else y
    terminal = _TERMINALS[wire.terminal]
    start = [(x, y), (x + 14, row)] if wire.pin % 2 else [(x + 90, row)]
    points = [*start, (channel, row), (channel, terminal), (_PART_X, terminal)]
    path = " ".join(f"{a:g},{b:g}" for a, b in points)
    return f'<polyline points="{path}" fill="none" stroke="{_colour(wire)}" stroke-width="2.5"/>'


# Never at the height of a pin or between two, where another wire may be.
_TERMINALS = {
    "button": 116, "button ground": 160, "red": 237, "green": 281, "blue": 314, "common": 358,
}  # fmt: skip


def _button() -> Iterable[str]:
    top, bottom = _TERMINALS["button"], _TERMINALS["button ground"]
    middle = (top + bottom) / 2
    yield (
        f'<rect x="{_PART_X}" y="{top - 16}" width="70" height="{bottom - top + 32}" rx="8" '
        'fill="#eceff1" stroke="#455a64"/>'
    )
    yield f'<circle cx="{_PART_X + 35}" cy="{middle}" r="18" fill="{_COLOURS["button"]}"/>'
    yield _text(_PART_X + 84, middle - 2, "push button", bold=True)
    yield _text(_PART_X + 84, middle + 14, "needs no resistor")


def _led(light: LightConfig) -> Iterable[str]:
    for colour, ohms in RESISTORS.items():
        y = _TERMINALS[colour]
        yield (
            f'<rect x="{_PART_X}" y="{y - 9}" width="56" height="18" rx="4" '
            'fill="#fff8e1" stroke="#6d4c41"/>'
        )
        yield _text(_PART_X + 28, y + 4, ohms, anchor="middle")
        yield _leg(_PART_X + 56, y, _COLOURS[colour])
        yield _text(_PART_X + 128, y + 4, colour, anchor="start")
    common = GROUND if light.common == "cathode" else VOLTS_3_3
    y = _TERMINALS["common"]
    yield _leg(_PART_X, y, _COLOURS[common])
    yield _text(_PART_X + 128, y + 4, f"{light.common} (the longest leg)")
    yield (
        f'<rect x="{_PART_X + 110}" y="{_TERMINALS["red"] - 16}" width="10" '
        f'height="{y - _TERMINALS["red"] + 32}" rx="4" fill="#cfd8dc" stroke="#455a64"/>'
    )
    yield _text(_PART_X + 128, _TERMINALS["red"] - 22, f"RGB LED, common {light.common}", bold=True)


def _leg(x: float, y: float, colour: str) -> str:
    return (
        f'<line x1="{x}" y1="{y}" x2="{_PART_X + 112}" y2="{y}" stroke="{colour}" '
        'stroke-width="2.5"/>'
    )


def _notes(button: ButtonConfig, light: LightConfig) -> Iterable[str]:
    flow = "to ground" if light.common == "cathode" else "from 3.3 V"
    notes = [
        f"The button connects GPIO {button.pin} with ground. Until then a pull-up",
        "resistor inside the Pi (50 kΩ) holds the pin at 3.3 V.",
        "",
        f"The current of the LED flows {flow} through its common leg.",
        "Never leave out its resistors. At 3.3 V 180 Ω give red 7 mA, and",
        "68 Ω give green and blue 4 mA; a pin may give 16 mA.",
        "",
        "Zero 2 W to Pi 5 have the same header. Pin 1 is at the corner",
        "of the board where the memory card is; a Zero 2 W is sold",
        "without the header's pins, a Zero 2 WH with them.",
    ]
    for number, line in enumerate(notes):
        yield _text(_CHANNEL_X + 96, 416 + 18 * number, line)


def _colour(wire: Wire) -> str:
    if isinstance(wire.carries, str):
        return _COLOURS[wire.carries]
    return _COLOURS[wire.terminal]


def _x(pin: int) -> int:
    return _ODD_X if pin % 2 else _EVEN_X


def _y(pin: int) -> int:
    return _TOP + (pin - 1) // 2 * _PITCH


def _text(
    x: float, y: float, words: str, *, size: int = 12, anchor: str = "start",
    fill: str = "black", bold: bool = False,
) -> str:  # fmt: skip
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{fill}"{weight}>{escape(words)}</text>'
    )
