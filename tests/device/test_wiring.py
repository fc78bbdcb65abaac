from pathlib import Path
from xml.etree import ElementTree

import pytest

from device import wiring
from device.config.config import ButtonConfig, LightConfig
from device.wiring import GROUND, HEADER, VOLTS_3_3

PICTURE = Path(__file__).parents[2] / "device" / "wiring.svg"


def texts(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter() if element.text]


def test_the_picture_in_the_readme_is_that_of_the_default_pins():
    assert PICTURE.read_text() == wiring.draw(ButtonConfig(), LightConfig())


def test_the_header_has_every_pin_of_the_configuration_once():
    assert len(HEADER) == 40
    assert sorted(what for what in HEADER if isinstance(what, int)) == list(range(28))
    assert [n for n, what in enumerate(HEADER, 1) if what == GROUND] == [
        6, 9, 14, 20, 25, 30, 34, 39,
    ]  # fmt: skip
    # https://datasheets.raspberrypi.com: the pins that everybody knows.
    assert {gpio: HEADER.index(gpio) + 1 for gpio in (2, 17, 18, 21, 26)} == {
        2: 3, 17: 11, 18: 12, 21: 40, 26: 37,
    }  # fmt: skip


def test_the_wires_of_the_default_pins():
    wires = {wire.terminal: wire.pin for wire in wiring.wires(ButtonConfig(), LightConfig())}
    assert wires == {
        "button": 11, "button ground": 9, "red": 15, "green": 13, "blue": 18, "common": 14,
    }  # fmt: skip


@pytest.mark.parametrize("common", ["cathode", "anode"])
@pytest.mark.parametrize(
    "pins", [(17, 22, 27, 24), (26, 5, 21, 4), (2, 3, 4, 14), (21, 20, 16, 12)]
)
def test_no_pin_has_two_wires_and_the_common_leg_has_its_voltage(pins, common):
    button, light = ButtonConfig(pins[0]), LightConfig(red=pins[1], green=pins[2],
                                                       blue=pins[3], common=common)  # fmt: skip
    wires = wiring.wires(button, light)
    assert len({wire.pin for wire in wires}) == 6
    carried = {wire.terminal: wire.carries for wire in wires}
    assert carried == {
        "button": pins[0],
        "button ground": GROUND,
        "red": pins[1],
        "green": pins[2],
        "blue": pins[3],
        "common": GROUND if common == "cathode" else VOLTS_3_3,
    }


def test_the_picture_has_both_numberings_and_the_resistors():
    found = texts(wiring.draw(ButtonConfig(pin=26), LightConfig()))
    assert {"GPIO 26", "37", "180 Ω", "68 Ω", "push button"} <= set(found)
    assert any("pull-up" in text for text in found)


def test_emotify_wiring_prints_it(capsys, tmp_path):
    from device.cli import main

    config = tmp_path / "config.toml"
    config.write_text('[light]\ncommon = "anode"\n')
    assert main(["wiring", "--config", str(config)]) == 0
    assert "RGB LED, common anode" in texts(capsys.readouterr().out)
