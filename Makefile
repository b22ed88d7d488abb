# The only way in. Every target sets the project up first when that is needed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
DEMO_PORT ?= 8000

.PHONY: setup demo run test check fix bench campaign pictures lock

setup: $(STAMP)

$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新的版本 / Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP)      ## fill an invented district and serve it
	$(BIN)/pioneer demo --serve --port $(DEMO_PORT)

run: $(STAMP)       ## serve what var/ (or DATABASE_URL) holds, with its worker
	$(BIN)/pioneer serve --port $(DEMO_PORT)

test: $(STAMP)      ## the tests, on SQLite and then, where the database matters, on PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist worksteal
	$(BIN)/python -m pytest -n 2 --dist worksteal --postgresql

check: $(STAMP)     ## format, lint, types, contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports && \
	$(BIN)/pioneer makemigrations --check --dry-run && $(BIN)/pioneer check --fail-level WARNING; \
	rest=$$?; wait $$types && exit $$rest  # types take the longest: beside the rest

fix: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)     ## what the speed promises are measured with
	$(BIN)/python -m benchmarks

campaign: $(STAMP)  ## the long searches for faults, and every test there is on both databases
	$(BIN)/python -m pytest -n 2 --dist worksteal -m campaign
	$(BIN)/python -m pytest -n 2 --dist worksteal -m campaign --postgresql
	$(BIN)/python -m pytest -n 2 --dist worksteal --everything
	$(BIN)/python -m pytest -n 2 --dist worksteal --postgresql --everything

pictures: $(STAMP)  ## the pictures in README and docs, from the real thing
	$(BIN)/pioneer pictures

lock: $(STAMP)      ## pin what the .in files ask for, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -c requirements-dev.txt -o requirements.txt
