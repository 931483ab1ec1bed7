"""One file per way of serving models: its client, what it has now, and how to get more.

May import what `koderz.models` may; SDKs are imported inside the functions that need them.
To add one, write a `Provider` and name it in `TABLE`, or as an entry point of the group `koderz.models`.
"""

from __future__ import annotations

TABLE = {
    "anthropic": "koderz.models.providers.anthropic:Anthropic",
    "embedded": "koderz.models.providers.embedded:Embedded",
    "ollama": "koderz.models.providers.ollama:Ollama",
    "openai": "koderz.models.providers.openai:OpenAI",
    "scripted": "koderz.models.providers.scripted:Scripted",
}
