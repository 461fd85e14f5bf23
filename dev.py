"""The project's one command: setup, run, test, check, bench, faults, shots, lock and texts; standard library only.

Nothing of this file ships. It starts under any python3 and finds one that Formwork can use; the work with translations
runs inside the virtual environment, where Babel is.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
TRANSLATIONS = ROOT / "resources" / "translations"
TEMPLATE = TRANSLATIONS / "formwork.pot"
PACKAGES = ("desktop", "designer", "runtime", "sync", "resources")
KEYWORDS = {"_": None, "T": None, "TN": (1, 2), "plural": (1, 2)}

OLDEST, TOO_NEW = (3, 11), (3, 13)
"""Pythons that work: from the first, below the second."""

WINDOW_LIBRARIES = (
    *("libgl1", "libegl1", "libxkbcommon0", "libdbus-1-3", "libglib2.0-0", "libfontconfig1"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxkbcommon-x11-0"),
)
TEST_PROGRAMS = ("xvfb", "xdotool")
FONTS = ("fonts-noto-cjk",)

USAGE = """python3 dev.py COMMAND

  setup          make .venv, install what requirements.lock names, compile the translations
  run [ARGS]     start Formwork; --demo, or no display: a sample workspace that is thrown away
  test [ARGS]    run the tests; further arguments go to pytest
  check          formatting, lint, types, floors, line caps and translations
  bench [ARGS]   measure the budgets of tests/speed
  faults [ARGS]  kill the program and cut the power a thousand times each; see tests/faults
  formulas       compare formulas with the published cases of Excel: figures, and every deviation with its reason
  shots [ARGS]   draw every page into pictures
  lock [ARGS]    resolve the dependencies again; --upgrade takes newer ones
  texts          take the sentences out of the code into the translation files
  texts merge DIR    put translations from DIR/*.tsv in; texts check: is anything missing?"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "setup": lambda _: setup(tests=True),
        "run": run,
        "test": test,
        "check": check,
        "bench": bench,
        "faults": faults,
        "formulas": formulas,
        "shots": shots,
        "lock": lock,
        "texts": texts,
    }
    if not arguments or arguments[0] not in commands:
        print(USAGE)
        return 0 if arguments[:1] in (["-h"], ["--help"], ["help"]) else 2
    find_python(arguments)
    return commands[arguments[0]](list(arguments[1:]))


# --- commands ---------------------------------------------------------------------------------------------------------


def setup(tests: bool) -> int:
    """Make this checkout ready; quick where nothing changed. `tests`: also what only tests need."""
    return install_libraries(tests) or install_packages() or compile_translations()


def run(arguments: list[str]) -> int:
    """Start the desktop program."""
    failed = setup(tests=False)
    if failed:
        return failed
    has_display = not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if "--demo" in arguments or (not has_display and arguments[:1] != ["demo"]):
        arguments = ["demo", *(argument for argument in arguments if argument != "--demo")]
    return python("-m", "desktop", *arguments)


def test(arguments: list[str]) -> int:
    """Run pytest on two cores."""
    return setup(tests=True) or python("-m", "pytest", "-n", "2", *arguments, cwd=ROOT)


def check(_arguments: list[str]) -> int:
    """Run every check, also after one failed."""
    failed = setup(tests=True)
    if failed:
        return failed
    steps: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("format", ("-m", "ruff", "format", "--check", ".")),
        ("lint", ("-m", "ruff", "check", ".")),
        ("types", ("-m", "mypy")),
        ("floors", ("-c", "import sys; from importlinter.cli import lint_imports as f; sys.exit(f(no_logo=True))")),
        ("architecture", ("-m", "pytest", "-q", "tests/test_architecture.py")),
        ("translations", (str(ROOT / "dev.py"), "texts", "check")),
    )
    results: dict[str, int] = {}
    for name, command in steps:
        print(f"--- {name}", flush=True)
        results[name] = python(*command, cwd=ROOT)
    print("--- " + ", ".join(f"{name}: {'FAILED' if code else 'ok'}" for name, code in results.items()))
    return int(any(results.values()))


def bench(arguments: list[str]) -> int:
    """Measure; see tests/speed."""
    return setup(tests=True) or python("-m", "tests.speed", *arguments, cwd=ROOT)


def faults(arguments: list[str]) -> int:
    """Kills and power cuts, the long versions; see tests/faults."""
    return setup(tests=True) or python("-m", "tests.faults", *arguments, cwd=ROOT)


def formulas(arguments: list[str]) -> int:
    """The published cases and what deviates from them; --json for programs."""
    return setup(tests=True) or python("-m", "tests.runtime.expression.deviations", *arguments, cwd=ROOT)


def shots(arguments: list[str]) -> int:
    """Draw every page; see tests/screens."""
    return setup(tests=True) or python("-m", "tests.screens", *arguments, cwd=ROOT)


def lock(arguments: list[str]) -> int:
    """Write requirements.lock from pyproject.toml, for every platform, with hashes and without hosts."""
    failed = install_packages()
    if failed:
        return failed
    failed = python(
        *("-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--extra", "dev"),
        *("--python-version", "3.11", "--no-emit-index-url", "--no-emit-find-links"),
        *("--custom-compile-command", "python3 dev.py lock"),
        *("pyproject.toml", "-o", LOCK.name, *arguments),
        cwd=ROOT,
    )
    if not failed and "://" in LOCK.read_text("utf-8"):
        print(f"{LOCK.name} names a host; take that line out before you commit it.")
        return 1
    return failed


# --- the machine ------------------------------------------------------------------------------------------------------


def find_python(arguments: Sequence[str]) -> None:
    """Go on under a Python that works, or end with what to install."""
    if OLDEST <= sys.version_info[:2] < TOO_NEW:
        return
    for name in ("python3.11", "python3.12"):
        other = shutil.which(name)
        works = other and subprocess.run([other, "-c", ""], capture_output=True, check=False).returncode == 0
        if other and works:
            sys.exit(subprocess.call([other, str(ROOT / "dev.py"), *arguments]))
    have = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(f"Formwork needs Python 3.11 or 3.12; this is {have}. Install python3.11 and try again.")


def venv_python() -> Path:
    """The interpreter of the virtual environment."""
    return ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python(*arguments: str, cwd: Path | None = None) -> int:
    """Run the environment's Python with the project importable; returns its exit code, also after Ctrl+C."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([str(venv_python()), *arguments], cwd=cwd, env=environment) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the program got it too and says goodbye by itself
                continue


def install_libraries(tests: bool) -> int:
    """On Debian and Ubuntu, install the system libraries Qt needs; elsewhere nothing."""
    if not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        return 0
    optional = (*TEST_PROGRAMS, *FONTS) if tests else ()
    missing = missing_packages((*WINDOW_LIBRARIES, *optional))
    if not missing:
        return 0
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = not prefix or (shutil.which("sudo") and subprocess.call([*prefix, "true"], stderr=subprocess.DEVNULL) == 0)
    if may:
        print(f"Installing system packages: {' '.join(missing)}", flush=True)
        if apt([*prefix, *command]) or (apt([*prefix, "apt-get", "update"]) and apt([*prefix, *command], loud=True)):
            return 0
    print(f"Missing system packages. Please run:\n  sudo {' '.join(command)}")
    return int(any(name in WINDOW_LIBRARIES for name in missing))


def apt(command: list[str], loud: bool = False) -> bool:
    """Whether an apt-get command worked; asks nothing, and says why it failed when `loud`."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode and loud:
        print(done.stdout.decode(errors="replace")[-2000:])
    return done.returncode == 0


def missing_packages(wanted: Iterable[str]) -> list[str]:
    """Those of `wanted` that dpkg does not have; Ubuntu's 64-bit-time names count."""
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"]
    names = [alias for name in wanted for alias in (name, f"{name}t64")]
    shown = subprocess.run([*query, *names], capture_output=True, text=True, check=False).stdout
    have = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in have and f"{name}t64" not in have]


def install_packages() -> int:
    """Make .venv and install the lock file into it; a stamp makes the second time free, a mark spots a broken first."""
    folder = ROOT / ".venv"
    stamp, unfinished = folder / "formwork-lock.sha256", folder / "formwork-unfinished"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if venv_python().exists() and not unfinished.exists() and stamp.exists() and stamp.read_text() == wanted:
        return 0
    works = not unfinished.exists() and venv_works()
    if not works and not make_environment(folder):
        return 1
    print("Installing the packages of requirements.lock", flush=True)
    unfinished.touch()
    failed = pip_install()
    if not failed:
        stamp.write_text(wanted)
    unfinished.unlink()  # a pip that fails takes back what it did; one that is killed does not
    return failed


def make_environment(folder: Path) -> bool:
    """Make an empty virtual environment in the place of what is there; False after saying why it cannot be."""
    print("Making the virtual environment .venv", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        print(made.stdout + made.stderr + "\nOn Debian and Ubuntu: sudo apt-get install python3-venv")
    return made.returncode == 0


def venv_works() -> bool:
    """Whether .venv has a Python that can install."""
    if not venv_python().exists():
        return False
    tried = subprocess.run([str(venv_python()), "-m", "pip", "--version"], capture_output=True, check=False)
    return tried.returncode == 0


def pip_install() -> int:
    """Install requirements.lock, showing one moving line; says all pip said when it fails."""
    total = sum(1 for line in LOCK.read_text("utf-8").splitlines() if "==" in line and not line.startswith((" ", "#")))
    command = [str(venv_python()), "-m", "pip", "install", "--require-hashes", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--no-input", "-r", str(LOCK)]
    said, seen, start = [], 0, time.monotonic()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            seen += line.startswith(("Collecting ", "Requirement already satisfied"))
            if sys.stdout.isatty():
                print(f"\r  {seen} of {total}: {line.strip()[:60]:60}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r" + " " * 90 + "\r", end="")
    if pip.returncode:
        print("".join(said[-40:]) + "\nThe packages could not be installed; run the same command again to go on.")
    else:
        print(f"Installed in {time.monotonic() - start:.0f} s")
    return pip.returncode


# --- translations; these run inside .venv, where Babel is -------------------------------------------------------------


def translation_files() -> list[Path]:
    """The catalogue of each language."""
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/formwork.po"))


def compile_translations() -> int:
    """Compile each .po whose .mo is missing or older."""
    stale = [po for po in translation_files() if is_stale(po)]
    return python(str(ROOT / "dev.py"), "texts", "compile") if stale else 0


def is_stale(po: Path) -> bool:
    """Whether the compiled catalogue of `po` is missing or older."""
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def texts(arguments: list[str]) -> int:
    """Keep the catalogues in step with the code: update (no argument), merge DIR, check, compile."""
    if Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        return install_packages() or python(str(ROOT / "dev.py"), "texts", *arguments)
    if arguments[:1] not in ([], ["compile"], ["check"], ["merge"]) or arguments == ["merge"]:
        print(USAGE)
        return 2
    if arguments[:1] == ["compile"]:
        for po in translation_files():
            compile_catalogue(po)
        return 0
    template = extract(ROOT)
    if arguments[:1] == ["check"]:
        found = [line for po in translation_files() for line in differences(template, read_catalogue(po))]
        print("\n".join(found) if found else f"All {len(template)} sentences are translated.")
        return int(bool(found))
    write_catalogue(TEMPLATE, template)
    for po in translation_files():
        catalogue = read_catalogue(po)
        catalogue.update(template, no_fuzzy_matching=True)
        for name in arguments[1:] if arguments[:1] == ["merge"] else ():
            print("\n".join(merge(catalogue, Path(name))))
        write_catalogue(po, catalogue)
        compile_catalogue(po)
        missing = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{po.parent.parent.name}: {len(catalogue)} sentences, {missing} not translated")
    return 0


def extract(root: Path) -> Catalog:
    """Every marked sentence of the packages under `root`, with the files it is in (no line numbers: they move)."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir

    template = Catalog(project="Formwork", charset="utf-8")
    with contextlib.redirect_stderr(io.StringIO()):  # Babel complains about T(""), which stands for no sentence
        for package in PACKAGES:
            for filename, _line, message, _comments, _context in extract_from_dir(
                root / package, [("**.py", "python")], keywords=KEYWORDS
            ):
                template.add(message, locations=[(f"{package}/{filename}".replace(os.sep, "/"), 0)])
    return template


def read_catalogue(po: Path) -> Catalog:
    """The catalogue in a .po file."""
    from babel.messages.pofile import read_po

    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name)


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write a .po or .pot sorted, without the dates and names that change at every run; drops what the code lost."""
    from babel.messages.pofile import write_po

    for message in catalogue:
        message.locations = sorted(set(message.locations))
        message.previous_id = []
    file = io.BytesIO()
    write_po(file, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    volatile = (
        "Project-Id",
        "Report-",
        "POT-Creation",
        "PO-Revision",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
    lines = file.getvalue().decode("utf-8").splitlines()
    body = "\n".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in volatile)))
    header = (
        f"# {'Sentences' if path == TEMPLATE else 'Translations'} of Formwork; written by `python3 dev.py texts`.\n"
    )
    path.write_text(header + body[body.index("msgid") :].rstrip() + "\n", "utf-8")


def compile_catalogue(po: Path) -> None:
    """Write the .mo beside a .po; readers see the old one or the new one."""
    from babel.messages.mofile import write_mo

    part = po.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        write_mo(file, read_catalogue(po))
    part.replace(po.with_suffix(".mo"))


def merge(catalogue: Catalog, folder: Path) -> list[str]:
    """Put the lines of DIR/*.tsv in (`msgid<TAB>msgstr` or `one<TAB>many<TAB>msgstr`); returns what did not fit."""
    remarks = []
    given: dict[str, str] = {}
    for tsv in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(tsv.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            parts = [part.replace("\\n", "\n").replace("\\t", "\t") for part in line.split("\t")]
            message = catalogue.get(parts[0]) if len(parts) in (2, 3) else None
            if message is None or message.pluralizable != (len(parts) == 3) or not parts[-1].strip():
                remarks.append(f"{tsv.name}:{number}: no such sentence in the code: {line}")
            elif given.setdefault(parts[0], parts[-1]) != parts[-1]:
                remarks.append(f"{tsv.name}:{number}: {parts[0]!r} is already {given[parts[0]]!r}; not {parts[-1]!r}")
            else:
                message.string = (parts[-1],) * catalogue.num_plurals if message.pluralizable else parts[-1]
                message.flags.discard("fuzzy")
    return [*remarks, f"{folder}: {len(given)} translations"]


def is_translated(message: Message) -> bool:
    """Whether every form of the sentence has a translation that somebody looked at."""
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy


def differences(template: Catalog, catalogue: Catalog) -> list[str]:
    """What keeps a language from being complete, a line each: untranslated, fuzzy, obsolete, different {places}."""
    found = []
    language = catalogue.locale_identifier
    for source in template:
        if not source.id:
            continue
        message = catalogue.get(source.id if isinstance(source.id, str) else source.id[0])
        if message is None or not is_translated(message):
            fuzzy = message is not None and message.fuzzy
            found.append(f"{language}: {'fuzzy' if fuzzy else 'not translated'}: {source.id!r}")
        elif places(message.string) != places(source.id):
            found.append(f"{language}: other {{places}} than the source: {source.id!r} -> {message.string!r}")
    known = {message.id for message in template}
    obsolete = [*(message.id for message in catalogue if message.id not in known), *catalogue.obsolete]
    return [*found, *(f"{language}: not in the code any more: {old!r}" for old in obsolete)]


def places(strings: str | Iterable[str] | None) -> set[str]:
    """The `{name}` places of a sentence, of all its plural forms together."""
    forms = (strings,) if isinstance(strings, str) else tuple(strings or ())
    return {name for form in forms for _text, name, _spec, _conversion in Formatter().parse(form) if name is not None}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
