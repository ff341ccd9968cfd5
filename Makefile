PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test demo bench

run: .venv/runs
	@$(BIN)/python wsgi.py

test: .venv/tests
	@sh tests/browser/chromium.sh
	$(BIN)/ruff check .
	@# Two to a core: one waits for its browser while the other works.
	$(BIN)/python -m pytest --numprocesses 4 --dist worksteal

demo: .venv/runs
	@DIARY_HOME=instance/demo $(BIN)/flask --app wsgi demo
	@DIARY_HOME=instance/demo $(BIN)/python wsgi.py

bench: .venv/tests
	$(BIN)/python -m tests.bench

.venv/bin/pip:
	$(PYTHON) -m venv .venv

# requirements.txt lists what the diary needs first, then, under "# test", what its tests need.
.venv/runs: requirements.txt | .venv/bin/pip
	@echo "Installing, once…"
	@sed '/^# test/,$$d' requirements.txt > .venv/runtime.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check -r .venv/runtime.txt
	@touch $@

.venv/tests: requirements.txt .venv/runs
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
