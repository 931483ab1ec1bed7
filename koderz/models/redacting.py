"""Keeps secrets out of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from koderz.core.ports import OnText, ignore_text
from koderz.core.types import Completion, ModelRequest
from koderz.models.public_calls import PublicCalls
from koderz.models.wrapper import Wrapper
from koderz.settings import SECRET_LENGTH


class Redacting(Wrapper):
    """Replaces the given secrets wherever an answer or its thinking repeats them, before anybody keeps it."""

    def __init__(self, model: PublicCalls, secrets: Sequence[str]) -> None:
        super().__init__(model)
        self.secrets = tuple(sorted((each for each in secrets if len(each) >= SECRET_LENGTH), key=len, reverse=True))

    async def complete(self, request: ModelRequest, on_text: OnText = ignore_text) -> Completion:
        completion = await self.model.complete(request, on_text)
        told = {"text": completion.text, **{key: v for key, v in completion.server.items() if isinstance(v, str)}}
        if not any(secret in text for text in told.values() for secret in self.secrets):
            return completion
        clean = {key: self._redacted(text) for key, text in told.items()}
        text = clean.pop("text")
        return replace(completion, text=text, server={**completion.server, **clean})

    def _redacted(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "[redacted]")
        return text
