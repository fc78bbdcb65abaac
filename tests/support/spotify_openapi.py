"""Checks the stand-in's requests and answers against Spotify's OpenAPI 3.0 description."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import yaml
from openapi_schema_validator import OAS30Validator

from device.simulation.spotify.answer import Answer, Refused, refused

_OPEN_TO_ALL = {("GET", "/me")}
"""Their scopes only add fields to the answer."""


class OpenApi:
    """The operations of the Web API, by method and path.

    Parameters
    ----------
    document : dict
        The whole description.
    """

    def __init__(self, document: dict[str, Any]):
        self._document = _lenient(document)
        self._operations = [
            (method.upper(), path, re.compile(re.sub(r"\{\w+\}", r"[^/]+", path)))
            for path, methods in document["paths"].items()
            for method in methods
        ]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read the description from its YAML file."""
        return cls(yaml.load(file.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))

    def operation(self, method: str, path: str) -> "DescribedOperation":
        """The operation that a request asks for; refused if there is none, or no longer any."""
        # A path without a variable goes before one with it.
        for known, template, pattern in sorted(self._operations, key=lambda one: "{" in one[1]):
            if known == method and pattern.fullmatch(path):
                described = DescribedOperation(self._document, method, template)
                if described.deprecated:
                    raise refused(403, f"Deprecated: {method} {template}")
                return described
        raise refused(404, f"Spotify describes no {method} {path}")


class DescribedOperation:
    """One method on one path.

    Attributes
    ----------
    deprecated : bool
    scopes : tuple of str
        One of them suffices; none are needed when empty.
    """

    def __init__(self, document: dict[str, Any], method: str, path: str):
        self._document = document
        self._name = f"{method} {path}"
        self._operation = document["paths"][path][method.lower()]
        self.deprecated = bool(self._operation.get("deprecated"))
        schemes = self._operation.get("security", [])
        listed = [scope for scheme in schemes for scope in scheme.get("oauth_2_0", [])]
        self.scopes = () if (method, path) in _OPEN_TO_ALL else tuple(listed)

    def check(self, query: Mapping[str, str], body: Any) -> None:
        """Refuse a query or a body that is not as described."""
        known = {one["name"]: one for one in self._parameters() if one["in"] == "query"}
        for name, value in query.items():
            if name not in known:
                raise self._refused(f"there is no parameter {name}")
            self._check(_typed(value, known[name]["schema"]), known[name]["schema"], name)
        for name, parameter in known.items():
            if parameter.get("required") and name not in query:
                raise self._refused(f"the parameter {name} is missing")
        if body:
            self._check_body(body)

    def check_answer(self, answer: Answer) -> None:
        """Refuse an answer that Spotify would not give."""
        if answer.status >= 400:
            error = {"$ref": "#/components/schemas/ErrorObject"}
            if not isinstance(answer.body, str):
                schema = {"required": ["error"], "properties": {"error": error}}
                self._check(answer.body, schema, "error")
            return
        described = self._resolved(self._operation["responses"].get(str(answer.status)))
        if described is None:
            raise self._refused(f"it is not answered with {answer.status}")
        content = described.get("content", {}).get("application/json")
        if content:
            self._check(answer.body, content["schema"], "answer")
        elif answer.body is not None:
            raise self._refused(f"{answer.status} comes without a body")

    def _check_body(self, body: Any) -> None:
        described = self._resolved(self._operation.get("requestBody"))
        if described is None:
            raise self._refused("there is no body")
        schema = self._resolved(described["content"]["application/json"]["schema"])
        self._check(body, schema, "body")
        # The description allows other properties, which Spotify ignores: they are our mistakes.
        for name in set(body) - set(schema["properties"]):
            raise self._refused(f"there is no property {name}")

    def _parameters(self) -> list[dict[str, Any]]:
        return [self._resolved(one) for one in self._operation.get("parameters", [])]

    def _resolved(self, part: Any) -> Any:
        while part and "$ref" in part:
            found: Any = self._document
            for key in part["$ref"].removeprefix("#/").split("/"):
                found = found[key]
            part = found
        return part

    def _check(self, value: Any, schema: dict[str, Any], what: str) -> None:
        whole = {"allOf": [schema], "components": self._document["components"]}
        for error in OAS30Validator(whole).iter_errors(value):
            raise self._refused(f"{what}: {error.message}")

    def _refused(self, why: str) -> Refused:
        return refused(400, f"Not as Spotify describes {self._name}: {why}")


def _typed(value: str, schema: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "integer" if value.lstrip("-").isdecimal():
            return int(value)
        case "array":
            return value.split(",")
        case "boolean" if value in ("true", "false"):
            return value == "true"
    return value


def _lenient(part: Any) -> Any:
    """The description without what Spotify's own answers do not keep to."""
    if isinstance(part, list):
        return [_lenient(one) for one in part]
    if not isinstance(part, dict):
        return part
    part = {key: _lenient(value) for key, value in part.items()}
    # The discriminators have no mapping, and their objects no required properties: several match.
    if part.pop("discriminator", None) and "oneOf" in part:
        part["anyOf"] = part.pop("oneOf")
    # Some may be null, which only the text says.
    if "Can be `null`" in str(part.get("description")):
        return {"anyOf": [part, {"nullable": True, "enum": [None]}]}
    return part
