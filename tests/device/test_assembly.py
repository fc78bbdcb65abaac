from pathlib import Path

from gpiozero.pins.mock import MockFactory

from device import assembly
from device.config.config import Config, MicrophoneConfig, ModelsConfig, SimulationConfig
from device.microphone.microphone import PyAudioMicrophone
from device.simulation.microphone import RecordedMicrophone


def test_the_configuration_chooses_simulated_pins_and_a_recording():
    simulation = SimulationConfig(pins=True, recording="voice.wav")
    config = Config(simulation=simulation, microphone=MicrophoneConfig("USB"))
    assert isinstance(assembly.pin_factory(config), MockFactory)
    microphone = assembly.microphone(config)
    assert isinstance(microphone, RecordedMicrophone)
    assert microphone.path == "voice.wav"


def test_without_a_recording_it_is_the_microphone_of_that_name():
    microphone = assembly.microphone(Config(microphone=MicrophoneConfig("USB")))
    assert isinstance(microphone, PyAudioMicrophone)
    assert microphone.name == "USB"


def test_the_files_that_are_read_once_are_the_configuration_and_the_model():
    config = Config(models=ModelsConfig("/models"))
    found = assembly.loaded_files(config, Path("/config.toml"))
    names = ["/config.toml", "/models/emotion.json", "/models/encoder.tflite"]
    assert [str(file) for file in found] == [*names, "/models/emotion.tflite"]
    assert found[1:] == assembly.loaded_files(config, None)
