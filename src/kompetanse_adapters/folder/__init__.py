"""How is an enterprise read that somebody wrote by hand? The source `folder`: TOML and CSV."""

from kompetanse_adapters.folder.read import read_folder

__all__ = ["read_folder"]
