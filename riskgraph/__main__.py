"""``python -m riskgraph``."""

from riskgraph.cli import main

if __name__ == "__main__":
    main()
