"""The commands of `heddle`, one module each; `heddle.cli` puts them together."""
