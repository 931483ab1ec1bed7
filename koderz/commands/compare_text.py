"""A comparison as a person reads it: what each arm is, what it did, and each pair with one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from koderz.analysis import comparison, passk
from koderz.analysis.arms import ArmMeans, by_problem, dominated, means, shared
from koderz.analysis.comparison import Comparison
from koderz.analysis.intervals import Estimate
from koderz.analysis.outcomes import ALL, judged
from koderz.commands.compare_sides import Compared, Side, warnings
from koderz.commands.console import money

MANY = 4
"""Comparisons that are read more easily as lines of one table than each by itself."""


def print_all(out: Console, found: Compared) -> None:
    for side in found.sides:
        print_side(out, side)
    for warning in warnings(found.sides):
        out.print(f"Warning: {escape(warning)}.", style="yellow", soft_wrap=True)
    print_arms(out, found)
    print_outcomes(out, found)
    print_samples(out, found.sides)
    print_frontier(out, found)
    pairs = [(other.name, each) for other, each in found.pairs()]
    if len(pairs) >= MANY:
        print_pairs(out, found.sides[0].name, pairs)
    else:
        for name, each in pairs:
            print_pair(out, found.sides[0].name, name, each)


def print_side(out: Console, side: Side) -> None:
    """What it is, with what it was measured on and what the search was allowed to see."""
    feedback = str(side.config.get("feedback", "?"))
    seen = " (the search sees the tests that score it)" if feedback.startswith("hidden") else ""
    problems = len({result.spec.problem_id for result in side.results})
    lines = [
        f"{side.config.get('strategy', '?')}: {side.models}; feedback {feedback}{seen}",
        f"{side.config.get('dataset', '?')}, {problems} problems, {len(side.results)} experiments ended"
        + (f", {side.unfinished} not" if side.unfinished else ""),
    ]
    out.print(f"[bold]{escape(side.name)}[/bold]  {escape(side.run.run_id)}", soft_wrap=True)
    for line in lines:
        out.print(f"  {escape(line)}", soft_wrap=True)


def print_arms(out: Console, found: Compared) -> None:
    table = Table("Arm", box=None, title="\nPer sample, averaged within each problem", title_justify="left")
    for name in ("Problems", "Solved", "95% interval", "Cost", "Tokens", "Attempts", "Model s"):
        table.add_column(name, justify="right")
    for side, arm in zip(found.sides, found.means, strict=True):
        table.add_row(escape(side.name), *_cells(arm))
    out.print(table)


def _cells(arm: ArmMeans) -> list[str]:
    if arm.solved is None:
        return ["0", "?", "?", "?", "?", "?", "?"]
    return [
        str(arm.solved.n),
        f"{arm.solved.value:.1%}",
        _shares(arm.solved),
        money(arm.cost_usd),
        "?" if arm.tokens is None else f"{arm.tokens:,.0f}",
        "?" if arm.attempts is None else f"{arm.attempts:.1f}",
        "?" if arm.seconds is None else f"{arm.seconds:.1f}",
    ]


def print_outcomes(out: Console, found: Compared) -> None:
    kinds = sorted(ALL, key=lambda kind: (kind == "infra", ALL.index(kind)))
    table = Table("Arm", box=None, title="\nExperiments by outcome (infra is in no rate)", title_justify="left")
    for kind in kinds:
        table.add_column(kind, justify="right")
    for side, arm in zip(found.sides, found.means, strict=True):
        table.add_row(escape(side.name), *(str(arm.outcomes[kind]) for kind in kinds))
    out.print(table)


def print_samples(out: Console, sides: Sequence[Side]) -> None:
    """What only several samples a problem, tests of several parts or a search that sees less than all, can tell."""
    for side in sides:
        problems = list(by_problem(judged(side.results)).values())
        solved = [[result.solved for result in each] for each in problems]
        most = max(map(len, solved), default=0)
        if most > 1 and (found := passk.mean_pass_at_k(solved, most)):
            told = f"pass@{most} {found.value:.1%} {_shares(found)} over {found.n} problems"
            out.print(f"{escape(side.name)}: {escape(told)}", soft_wrap=True)
        if wrong := passk.false_positives(problems):
            told = f"{wrong.value:.1%} {_shares(wrong)} of what passes the base tests fails the plus tests"
            out.print(f"{escape(side.name)}: {escape(told)}", soft_wrap=True)
        if wrong := passk.mistaken(problems):
            told = (
                f"{wrong.value:.1%} {_shares(wrong)} of what passes the tests that the search saw fails the hidden ones"
            )
            out.print(f"{escape(side.name)}: {escape(told)}", soft_wrap=True)


def print_frontier(out: Console, found: Compared) -> None:
    """Which arms another makes needless, on the problems that all of them share."""
    arms = [means(results) for results in shared([side.results for side in found.sides])]
    figures = {
        side.name: (arm.solved.value if arm.solved else None, arm.cost_usd)
        for side, arm in zip(found.sides, arms, strict=True)
    }
    if len({cost for _, cost in figures.values()}) == 1:
        return  # where all cost the same, as local models do, dollars tell none from the others
    n = arms[0].solved.n if arms[0].solved else 0
    for better, names in _by_told(dominated(figures).items()):
        where = f"Off the accuracy-cost frontier of the {n} problems that all arms share"
        line = f"{where}: {names}, as {better} solves no fewer and costs no more."
        out.print(escape(line), style="dim", soft_wrap=True)


def _by_told(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is told of several arms, once, with their names."""
    names: dict[str, list[str]] = {}
    for name, told in found:
        names.setdefault(told, []).append(name)
    return [(told, ", ".join(each)) for told, each in names.items()]


def print_pair(out: Console, a: str, b: str, found: Comparison) -> None:
    counts, pairs = found.counts, found.pairs
    out.print(f"\n{escape(f'{b} against {a}')}", style="bold", soft_wrap=True)
    test = "McNemar p" if pairs.single else "Sign-flip p"
    least = found.detectable
    rows = [
        ("Problems", f"{counts.n} in pairs{_left_out(found, a, b)}"),
        ("Both solved" if pairs.single else "Equally often", str(counts.both)),
        (f"{'Only' if pairs.single else 'More often'} {a}", str(counts.only_a)),
        (f"{'Only' if pairs.single else 'More often'} {b}", str(counts.only_b)),
        ("Neither", str(counts.neither)),
        ("Difference", _points(found.difference)),
        (test, f"{found.p:.3g}, Holm-adjusted {found.p_adjusted:.3g}"),
        ("Cost difference", _dollars(found.cost)),
        ("Detectable", "none" if least is None else f"{100 * least:.1f} points or more (power 80%, level 5%)"),
    ]
    width = max(len(name) for name, _ in rows) + 1
    for name, value in rows:
        out.print(f"  {escape(f'{name}:'.ljust(width))} {escape(value)}", soft_wrap=True)
    out.print(f"  {escape(_told(found, a, b))}", style="bold", soft_wrap=True)


def print_pairs(out: Console, a: str, pairs: Sequence[tuple[str, Comparison]]) -> None:
    single = all(found.pairs.single for _, found in pairs)
    counted = ("Both", "Only it", "Only other", "Neither") if single else ("Equal", "It more", "Other more", "Neither")
    title = f"\nAgainst {escape(a)}, on the problems of each pair"
    table = Table("Arm", box=None, title=title, title_justify="left")
    for name in ("Pairs", *counted, "Difference in points", "p", "Holm", "Detectable"):
        table.add_column(name, justify="right")
    for b, found in pairs:
        counts = (found.counts.n, found.counts.both, found.counts.only_b, found.counts.only_a, found.counts.neither)
        least = "none" if found.detectable is None else f"{100 * found.detectable:.0f}"
        points = _points(found.difference).replace(" points", "")
        table.add_row(escape(b), *map(str, counts), points, f"{found.p:.2g}", f"{found.p_adjusted:.2g}", least)
    out.print(table)
    for told, names in _by_told((b, _told(found, a, b)) for b, found in pairs):
        out.print(escape(f"{names}: {told}"), soft_wrap=True)


def _told(found: Comparison, a: str, b: str) -> str:
    return f"{comparison.verdict(found, a, b)} {comparison.cost_verdict(found, a, b)}".rstrip()


def _left_out(found: Comparison, a: str, b: str) -> str:
    pairs = found.pairs
    parts = ((pairs.only_in_a, f"only in {a}"), (pairs.only_in_b, f"only in {b}"), (pairs.infra, "infra on a side"))
    told = [f"{count} {what}" for count, what in parts if count]
    return f"; left out: {', '.join(told)}" if told else ""


def _shares(found: Estimate) -> str:
    return f"[{found.interval[0]:.1%}, {found.interval[1]:.1%}]" if found.interval else "[?]"


def _points(found: Estimate | None) -> str:
    if found is None:
        return "?"
    low, high = (f"{100 * bound:+.1f}" for bound in found.interval) if found.interval else ("?", "?")
    return f"{100 * found.value:+.1f} points [{low}, {high}]"


def _dollars(found: Estimate | None) -> str:
    if found is None:
        return "? (a cost is unknown)"
    if found.interval is None:
        return f"{_signed(found.value)} a sample, the same on every problem"
    low, high = map(_signed, found.interval)
    return f"{_signed(found.value)} a sample [{low}, {high}]"


def _signed(amount: float) -> str:
    return ("+" if amount >= 0 else "") + money(Decimal(str(amount)))
