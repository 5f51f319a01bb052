"""Motifs from files and fonts."""

from heddle.io.font import font_motifs, font_names, glyph_advances
from heddle.io.motifs import read_motifs
from heddle.io.unipen import read_unipen

__all__ = ["font_motifs", "font_names", "glyph_advances", "read_motifs", "read_unipen"]
