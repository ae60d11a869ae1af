"""Layouts: a gallery of presets, and an editor that draws zones on a canvas."""
