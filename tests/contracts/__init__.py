"""One suite a port, which every implementation passes."""

import pytest

pytest.register_assert_rewrite(
    "tests.contracts.memory_server", "tests.contracts.memory_talk", "tests.contracts.memory_hazards"
)
