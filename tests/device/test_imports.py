import sys

import pytest

from device.imports import NotUsed, without


def test_a_module_that_is_left_out_appears_to_be_there_and_cannot_be_used():
    with without("there_is.no_such"):
        from there_is.no_such import function

    with pytest.raises(NotImplementedError, match="left out"):
        function([1.0])
    assert function is NotUsed
    assert "there_is" not in sys.modules
    assert "there_is.no_such" not in sys.modules


def test_a_module_that_is_there_already_stays():
    import json.decoder

    with without("json.decoder"):
        from json.decoder import JSONDecoder

    assert JSONDecoder is json.decoder.JSONDecoder
    assert sys.modules["json.decoder"] is json.decoder


def test_an_import_that_fails_leaves_nothing_behind():
    with pytest.raises(ZeroDivisionError), without("there_is.no_such"):
        raise ZeroDivisionError
    assert "there_is" not in sys.modules
