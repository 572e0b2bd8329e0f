# Two commands: `make run` serves on 127.0.0.1:8000, `make test` passes. Each line can be read and typed by hand.

PY = .venv/bin/python

run: .venv/ready            ## prepare everything and serve (DEMO=0: an empty installation)
	tools/run.sh

test: .venv/ready           ## prepare what the tests need, check the form, run them all
	tools/test-needs.sh
	$(MAKE) --no-print-directory check
	$(PY) -m pytest -n auto --dist loadgroup

check: .venv/ready          ## form and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: .venv/ready          ## 100 000 assignments on SQLite and PostgreSQL, pages beside raw SQL and a bare Flask view
	$(PY) bench/run.py

accept: .venv/ready         ## run the labelled cases; EXAMPLES=folder where they are kept
	$(PY) bench/accept.py $(EXAMPLES)

faults: .venv/ready         ## kill deliverers and planners 300 times under a mail server that misbehaves
	PYTHONPATH=.:tests $(PY) -m bench.faults

days: .venv/ready           ## thirty simulated days of the demo province, held against an oracle
	PYTHONPATH=.:tests $(PY) -m bench.days

speed: .venv/ready          ## planning of 100 000 open assignments, sending against bare smtplib
	PYTHONPATH=.:tests $(PY) -m bench.reminders

import: .venv/ready         ## 10 000 rows of Excel from the drop to their assignments, beside a raw insert of the same rows
	PYTHONPATH=.:tests $(PY) -m bench.importing

pictures: .venv/ready       ## every letter and message by Zalo as a picture: docs/letters.md
	$(PY) tools/pictures.py

.venv/ready: uv.lock pyproject.toml tools/setup.sh
	tools/setup.sh

.PHONY: run test check bench accept faults days speed import pictures
