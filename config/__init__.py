"""The maintainer's settings: one TOML file on the box, read into frozen, typed values."""
