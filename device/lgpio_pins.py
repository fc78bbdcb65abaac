"""Pins by gpiozero and lgpio, whose edges come from the kernel.

lgpio itself looks for edges two thousand times a second
(https://github.com/joan2937/lg/issues/26), which takes a twentieth of a Pi's core for a button
that nobody presses.
"""

import gpiod
import lgpio
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import GPIOPinInUse
from gpiozero.pins.lgpio import LGPIOFactory, LGPIOPin

from device.edges import Edges

_BIASES = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "floating": Bias.DISABLED}


class EdgePin(LGPIOPin):
    """A pin that lgpio has, or gpiod for as long as its edges are awaited.

    Raises
    ------
    GPIOPinInUse
        When another process has it.
    """

    _request: gpiod.LineRequest | None = None

    def __init__(self, factory, info):
        try:
            super().__init__(factory, info)
        except lgpio.error as error:
            raise GPIOPinInUse(f"{info.name}: {error}") from error

    def close(self):
        self.when_changed = None
        super().close()

    def _get_state(self):
        if self._request:
            return self._request.get_value(self._number) is Value.ACTIVE
        return super()._get_state()

    def _enable_event_detect(self):
        settings = gpiod.LineSettings(
            direction=Direction.INPUT, edge_detection=Edge.BOTH, bias=_BIASES[self.pull]
        )
        lgpio.gpio_free(self.factory._handle, self._number)
        self._request = gpiod.request_lines(
            f"/dev/gpiochip{self.factory.chip}", {self._number: settings}, consumer="emotify"
        )
        self._awaited = Edges(self._request, self._edge)

    def _edge(self, event: gpiod.EdgeEvent) -> None:
        rising = event.event_type is gpiod.EdgeEvent.Type.RISING_EDGE
        self._call_when_changed(self.factory.chip, self._number, int(rising), event.timestamp_ns)

    def _disable_event_detect(self):
        pull = self.pull
        self._awaited.close()
        if self._request:
            self._request.release()
        self._request = None
        super()._disable_event_detect()
        self._set_pull(pull)


class EdgePinFactory(LGPIOFactory):
    """The pins of a Raspberry Pi."""

    def __init__(self):
        super().__init__()
        self.pin_class = EdgePin
