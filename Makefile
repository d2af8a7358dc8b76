# Every target is one call of ./run, which prepares .venv and holds the one list of checks.
.PHONY: check test format demo bench clean

check:  ## format, lint, types, layers, tests: what CI runs
	@./run test

test:  ## the tests alone
	@./run pytest -q -n auto --maxprocesses 8 --dist loadgroup

format:
	@./run ruff format .
	@./run ruff check --fix .

demo:
	@./run demo

bench:
	@for file in benchmarks/*.py; do ./run python "$$file" || exit 1; done

clean:
	rm -rf .venv build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
