"""Says once for each model which wished parameters it does not take: what was sent is what the numbers rest on."""

from __future__ import annotations

from collections.abc import Callable

from koderz.core.events import CompletionDone, Event, Notice


class Unsent:
    """A recorder that compares each request with what really went over the wire."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self.tell = tell
        self._told: set[str] = set()

    def on(self, event: Event) -> None:
        if not isinstance(event, CompletionDone) or event.request.model in self._told:
            return
        wished = {"temperature": event.request.temperature, "seed": event.request.seed}
        missing = [name for name, value in wished.items() if value is not None and name not in event.completion.sent]
        if missing:
            self._told.add(event.request.model)
            self.tell(Notice(f"{event.request.model} takes no {' and no '.join(missing)}: none was sent."))
