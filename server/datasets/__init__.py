"""Data sets: tables with history that people and other systems fill, and the cards they feed."""
