"""The configuration: one TOML file, the types of its keys, and where Emotify keeps its files."""
