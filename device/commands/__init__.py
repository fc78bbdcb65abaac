"""The commands of `emotify`, a module for each."""
