# make parity   make the environment, install, run the parity suite
# make test     the suite and the harness's own tests under pytest, with each perl at hand
# make test-all the same with what is marked slow: a cluster, the installed package, much output
# make check    the linters: ruff, mypy, perltidy, perlcritic
# make mutants  change the harness's own code in hundreds of ways: do its tests notice? (takes long)

PYTHON ?= python3
BIN = .venv/bin
PYTEST = $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
PERL_FILES = $(wildcard parity/perl/*.pl) $(wildcard perl_reference/*.pl perl_reference/programs/*.pl)

.PHONY: parity test test-all check mutants format clean

parity: .venv/installed
	@$(BIN)/parity run

test: .venv/installed-dev .perl5/installed
	@$(PYTEST)

test-all: .venv/installed-dev .perl5/installed
	@$(PYTEST) -m ''

check: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo > /dev/null || $(BIN)/lint-imports --no-logo
	@command -v perltidy perlcritic > /dev/null || \
	    { echo "make check needs perltidy and perlcritic: apt-get install perltidy libperl-critic-perl" >&2; exit 2; }
	@for file in $(PERL_FILES); do perltidy -st "$$file" | diff -u "$$file" - || exit 1; done
	@perlcritic --quiet $(PERL_FILES)

mutants: .venv/installed-mutants
	@status=0; for script in run perl_codec; do \
	    $(BIN)/python tests/mutants/$$script.py || status=1; done; exit $$status

format: .venv/installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@perltidy -b -bext=/ $(PERL_FILES)

.venv/installed: pyproject.toml
	@$(PYTHON) -m venv .venv || \
	    { echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m compileall -q parity pybackprop
	@touch $@

.venv/installed-dev: .venv/installed
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

.venv/installed-mutants: .venv/installed-dev
	@$(BIN)/python -m pip install --quiet --editable '.[mutants]'
	@touch $@

# A second perl, of another version, for the tests. Its launcher is called perl and finds none of
# its modules by itself, so it has a folder of its own that is never on PATH.
.perl5/installed:
	@$(PYTHON) -m venv .perl5
	@.perl5/bin/python -m pip install --quiet perl5
	@touch $@

clean:
	rm -rf .venv .perl5 .parity build *.egg-info
