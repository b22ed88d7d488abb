"""基准 Runs every benchmark of this folder and prints its figures: `python -m benchmarks`, or some of them by name.

Each is a module that prints what it measured when it is run; it runs in a process of its own, so that none inherits the
memory of another.
"""

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def modules() -> list[str]:
    """基准名 In alphabetical order."""
    return [file.stem for file in sorted(HERE.glob("[a-z]*.py"))]


def main(wanted: list[str]) -> int:
    """依次运行 0 where all have ended well."""
    known = modules()
    if unknown := [name for name in wanted if name not in known]:
        print(f"没有这个基准：{'、'.join(unknown)}。可选：{'、'.join(known)}", file=sys.stderr)
        return 2
    failed = []
    for name in wanted or known:
        print(f"── {name}", flush=True)
        begun = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False)
        print(f"   用时 {time.perf_counter() - begun:.1f} 秒\n", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"没有通过：{'、'.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
