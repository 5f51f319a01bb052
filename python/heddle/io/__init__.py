"""Motifs from files and fonts; networks from descriptions and files."""

from heddle.io.font import font_motifs, font_names, glyph_advances
from heddle.io.motifs import read_motifs
from heddle.io.networks import build_network, parse_network_spec, read_weights
from heddle.io.unipen import read_unipen

__all__ = [
    "build_network",
    "font_motifs",
    "font_names",
    "glyph_advances",
    "parse_network_spec",
    "read_motifs",
    "read_unipen",
    "read_weights",
]
