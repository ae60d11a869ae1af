# make demo   a real programme on your screen, or in demo.png where there is no display
# make test   everything that must hold before a change lands
# make check  format, lint, types, import contracts
# make bench  the figures we claim, beside peers in the same run
# make deep   the long fault and soak tiers (under two hours)
.PHONY: demo test check fix bench deep lock clean

RUN := .venv/bin/python

# Some thousand processes start in a run: none compiles what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

# Three at a time on two cores: they wait for servers, browsers and screens for much of their time.
TESTS := .venv/bin/python -m pytest --numprocesses 3

# Tests of the server that convert files, ask boxes, or count rights: the same whatever the database.
NO_DATABASE := $(addprefix tests/integration/server/, staff test_agent.py publishing/test_preview.py \
    $(addprefix library/test_, cameras.py cuts.py documents.py pictures.py sandbox.py stores.py videos.py)) \
    $(addprefix tests/faults/server/test_, certificates.py broken_sites.py) \
    tests/unit/server/staff/test_page_rights.py tests/unit/server/api/test_rights.py

demo:
	@packaging/bootstrap player server develop
	@$(RUN) -m bench.demo

test:
	@packaging/bootstrap player server develop
	@$(MAKE) --no-print-directory check
	@$(TESTS) -m "not deep"
	@echo "Once more the server, on PostgreSQL (but for what has no database in it):"
	@$(TESTS) -m "not deep" --database postgresql \
	    tests/unit/server tests/integration/server tests/faults/server \
	    $(addprefix --ignore ,$(NO_DATABASE))

check:
	@packaging/bootstrap player server develop
	@.venv/bin/ruff format --check --quiet . || { echo "Not formatted: run 'make fix'."; exit 1; }
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache

fix:
	@packaging/bootstrap player server develop
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

bench:
	@packaging/bootstrap player server develop bench
	@$(RUN) -m bench.timeline
	@$(RUN) -m bench; missed=$$?; $(RUN) -m bench.fleet && exit $$missed

deep:
	@packaging/bootstrap player server develop
	@YINGBI_DEEP=1 $(RUN) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal \
	    -o faulthandler_timeout=1800
	@echo "Once more the stage, on the oldest Qt that a box may have:"
	@$(RUN) -m pip install --quiet --no-deps --require-hashes --upgrade \
	    --target build/oldest-qt -r packaging/oldest-qt.lock
	@PYTHONPATH=$(CURDIR)/build/oldest-qt $(RUN) -m pytest -m "not deep" --numprocesses auto --maxprocesses 4 \
	    tests/unit/player tests/integration/stage tests/integration/video

# Resolve the ranges of pyproject.toml anew (needs the network; pip-tools comes and goes): all that is
# needed to work on it, and of that what a server and what a box installs.
COMPILE := .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header

lock:
	@packaging/bootstrap player server develop
	@$(RUN) -m pip install --quiet pip-tools
	@$(COMPILE) --upgrade --extra server --extra dev --output-file requirements.lock pyproject.toml
	@$(COMPILE) --no-annotate --constraint requirements.lock --extra server \
	    --output-file packaging/server.lock pyproject.toml
	@$(COMPILE) --no-annotate --constraint requirements.lock --output-file packaging/player.lock pyproject.toml

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
