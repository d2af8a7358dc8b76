"""Takes nothing, makes the asserts of the contract as talkative as those of a test file."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.store.contract")
