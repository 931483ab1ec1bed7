"""The names of two wrappers, where they were."""

from __future__ import annotations

from koderz.models.redacting import Redacting as Redacting
from koderz.models.retrying import Retrying as Retrying
