"""Make an app of an Excel file."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class ImportFile(Command):
    """Make an app of an Excel file."""

    name, title, icon = "import_file", T("Import Excel file …"), "import"
    shortcut, when, order = "Ctrl+I", "workspace", 15

    def run(self, shell: Shell) -> None:
        """Ask which."""
        shell.imports.choose()
