# inboxbot: `make demo` shows it, `make test` proves it, `make check` is what every commit passes.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check check-style model check-set figures campaign by-hand pictures clean

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/developed: .venv/installed
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

demo: .venv/installed  ## the whole job on a sample mailbox, without an account
	$(BIN)/inboxbot demo --out demo-out

test: .venv/developed  ## every test that this machine can run
	$(BIN)/python -m pytest -n 2

check: check-style test  ## format, lint, types, import contracts and tests

check-style: .venv/developed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

MAIL := --data ../shared/data/train.jsonl --data models/corpus --ham ../shared/data/ham \
	--marks models/marks.jsonl --kept tests/data/held_out --thorough

model: .venv/installed  ## train and measure the model anew; needs the labelled mail beside the checkout
	$(BIN)/inboxbot train $(MAIL) --out models

check-set: .venv/installed  ## draw anew what a personal correction is checked on; after a new model
	$(BIN)/python -m tests.classify.check_set

figures: .venv/installed  ## measure it without writing anything, with the worst errors
	$(BIN)/inboxbot evaluate $(MAIL)

campaign: .venv/developed  ## the long tests, whole
	CAMPAIGN=1 $(BIN)/python -m pytest -m slow --timeout 3600

by-hand: .venv/developed  ## a draft sent from Thunderbird; needs apt-get install thunderbird xvfb
	BY_HAND=1 $(BIN)/python -m pytest -m by_hand

pictures: .venv/developed  ## the screenshots of the README, taken anew; needs Dovecot, Roundcube, Chromium
	$(BIN)/python -m tests.clients.pictures docs/images

clean:
	rm -rf .venv demo-out dist build
