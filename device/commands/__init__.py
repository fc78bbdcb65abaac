"""What a person can ask `emotify` to do: a module for each command."""
