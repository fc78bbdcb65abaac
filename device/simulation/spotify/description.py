"""Spotify's own description of its Web API (OpenAPI 3.0), as the judge of what is asked and told.

PyYAML and jsonschema are needed to read it; they come with the tests.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from device.simulation.spotify.answer import Answer, Refused, refused

_OPEN_TO_ALL = {("GET", "/me")}
"""Their scopes only add fields to the answer."""


class Description:
    """The operations of the Web API, by method and path.

    Parameters
    ----------
    document : dict
        The whole description.
    """

    def __init__(self, document: dict[str, Any]):
        self._document = _as_json_schema(document)
        self._operations = [
            (method.upper(), path, re.compile(re.sub(r"\{\w+\}", r"[^/]+", path)))
            for path, methods in document["paths"].items()
            for method in methods
        ]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read the description from its YAML file."""
        import yaml

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
        ways = self._operation.get("security", [])
        listed = [scope for way in ways for scope in way.get("oauth_2_0", [])]
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
        """Refuse an answer of the stand-in that Spotify would not give."""
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
        # The description allows more properties, and Spotify ignores them: a mistake of ours.
        for name in set(body) - set(schema["properties"]):
            raise self._refused(f"there is no property {name}")

    def _parameters(self) -> list[dict[str, Any]]:
        return [self._resolved(one) for one in self._operation.get("parameters", [])]

    def _resolved(self, part: Any) -> Any:
        while part and "$ref" in part:
            place: Any = self._document
            for step in part["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            part = place
        return part

    def _check(self, value: Any, schema: dict[str, Any], what: str) -> None:
        import jsonschema

        whole = {"allOf": [schema], "components": self._document["components"]}
        for error in jsonschema.Draft7Validator(whole).iter_errors(value):
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


def _as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0 says ``nullable`` where JSON Schema has a type of its own."""
    if isinstance(part, list):
        return [_as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    part = {key: _as_json_schema(value) for key, value in part.items()}
    if part.get("nullable") is True and isinstance(part.get("type"), str):
        part["type"] = [part["type"], "null"]
    # A discriminator chooses between the objects, which have nothing that is required.
    if "discriminator" in part and "oneOf" in part:
        part["anyOf"] = part.pop("oneOf")
    # Of some that may be null it says so in words only.
    if "Can be `null`" in str(part.get("description")):
        return {"anyOf": [part, {"type": "null"}]}
    return part
