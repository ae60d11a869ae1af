"""The real one."""

from importlib import import_module

Migration = import_module("server.audit.migrations.0001_initial").Migration
