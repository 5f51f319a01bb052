"""Circuits of spiking populations in files: TOML with units, edges and arrays beside it."""
