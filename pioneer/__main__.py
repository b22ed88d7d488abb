"""控制台命令 The console command `pioneer`: every management command as `pioneer <name>`."""

import os
import sys
from pathlib import Path

HELP = """先锋指数 Pioneer Index

用法：pioneer 命令 [参数]      pioneer 命令 --help 查看一个命令的说明
"""


def own_commands() -> dict[str, str]:
    """本系统的命令 Name of each command of the project and the first line of what it says of itself."""
    folder = Path(__file__).parent / "jobs" / "management" / "commands"
    commands = {}
    for file in sorted(folder.glob("[a-z]*.py")):
        first = file.read_text(encoding="utf-8").split("\n", 1)[0]
        commands[file.stem.replace("_", "-")] = first.strip("\"' ")
    return commands


def main() -> None:
    """入口 Runs one command; `pioneer --help` lists the project's own, `pioneer help --commands` all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pioneer.settings")
    own = own_commands()
    if len(sys.argv) < 2 or (sys.argv[1] in {"--help", "-h", "help"} and "--commands" not in sys.argv):
        print(HELP)
        for name, line in own.items():
            print(f"  {name:<16} {line}")
        print("\n其余为 Django 自带命令：pioneer help --commands")
        return
    if sys.argv[1] in own:
        sys.argv[1] = sys.argv[1].replace("-", "_")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
