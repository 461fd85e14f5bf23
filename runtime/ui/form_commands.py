"""What can be done with the records of a form: the words, icons and keys of menus, toolbar and finder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from resources.texts import T, Text
from runtime.ui.kit.menus import LINE, Item
from runtime.ui.page import PageCommand

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class FormCommand:
    """How one of them is called.

    Attributes:
        title: what people read.
        icon: name of its icon.
        shortcut: keys that do the same, in Qt's portable writing, or "".
        also: other words by which people look for it, with commas between.
        writes: whether it changes records: offered to whom may change one only.
    """

    title: Text
    icon: str
    shortcut: str = ""
    also: Text | None = None
    writes: bool = False

    @property
    def hint(self) -> str:
        """The title with the keys, for where a mouse rests."""
        return f"{self.title}  {self.shortcut}" if self.shortcut else str(self.title)

    def item(self, run: Run, *, enabled: bool = True) -> Item:
        """The line of a menu."""
        return Item(str(self.title), self.icon, run, self.shortcut, enabled=enabled)


FORM_COMMANDS: dict[str, FormCommand] = {
    "new_record": FormCommand(T("Add record"), "add", "Ctrl+N", T("new, insert row"), writes=True),
    "open_search": FormCommand(T("Search records"), "search", "Ctrl+Shift+F"),
    "open_filter": FormCommand(T("Filter"), "filter", "Ctrl+Shift+L", T("conditions, only some records")),
    "filter_value": FormCommand(T("Filter by this value"), "filter", also=T("only these, same value")),
    "exclude_value": FormCommand(T("Exclude this value"), "eye_off", also=T("filter out, without these, all but")),
    "open_sort": FormCommand(T("Sort"), "sort", also=T("order, ascending, descending")),
    "open_groups": FormCommand(T("Group"), "group", also=T("subtotals, put together")),
    "open_colours": FormCommand(T("Colours"), "appearance", also=T("conditional formatting, highlight")),
    "open_columns": FormCommand(T("Columns"), "columns", also=T("fields, hide, show, order of columns")),
    "open_heights": FormCommand(T("Row height"), "rows", also=T("compact, tall rows")),
    "clear_filter": FormCommand(T("Clear filter and search"), "clear", also=T("show every record")),
    "open_views": FormCommand(T("Views"), "eye", also=T("choose a view, rename, share")),
    "save_view": FormCommand(T("Save changes of the view"), "check"),
    "save_view_as": FormCommand(T("Save as a new view …"), "add", also=T("keep this look")),
    "open_find": FormCommand(T("Find in these records"), "search", "Ctrl+F"),
    "replace": FormCommand(T("Find and replace"), "edit", "Ctrl+H", writes=True),
    "change_many": FormCommand(T("Change many records …"), "rows", "Ctrl+Shift+E", T("bulk edit"), writes=True),
    "import_into": FormCommand(
        T("Import into this form"), "import", "Ctrl+Shift+I", T("Excel, CSV, load"), writes=True
    ),
    "export": FormCommand(T("Export these records"), "export", also=T("Excel, CSV, save as file, download")),
    "cut": FormCommand(T("Cut"), "cut", "Ctrl+X", writes=True),
    "copy": FormCommand(T("Copy"), "copy", "Ctrl+C"),
    "copy_with_names": FormCommand(T("Copy with field names"), "copy", "Ctrl+Shift+C"),
    "paste": FormCommand(T("Paste"), "paste", "Ctrl+V", T("paste from Excel"), writes=True),
    "paste_new": FormCommand(T("Paste as new records"), "paste", "Ctrl+Shift+V", T("paste from Excel"), writes=True),
    "clear": FormCommand(T("Clear contents"), "clear", "Del", T("empty cells"), writes=True),
    "fill_down": FormCommand(T("Fill down"), "arrow_down", "Ctrl+D", writes=True),
    "fill_right": FormCommand(T("Fill right"), "arrow_right", "Ctrl+R", writes=True),
    "duplicate": FormCommand(T("Duplicate the selected records"), "copy", also=T("copy record, clone"), writes=True),
    "delete": FormCommand(T("Delete the selected records"), "delete", "Ctrl+Del", T("remove"), writes=True),
}
"""Name -> what it is called, in the order in which it is listed. Names of what a grid does are those of its keys."""

OF_CHOSEN = frozenset(
    {"cut", "copy", "copy_with_names", "clear", "fill_down", "fill_right", "change_many", "duplicate", "delete"}
    | {"filter_value", "exclude_value"}
)
"""What is done with the records or cells that are chosen."""
OF_THE_PAGE = ("new_record", "open_search", "open_find", "clear_filter", "export", "copy", "paste", "delete")
"""What the page does by the method of this name."""
OF_THE_VIEW = (
    "replace", "change_many", "cut", "copy_with_names", "paste_new", "clear", "fill_down", "fill_right", "duplicate",
    "filter_value", "exclude_value",
)  # fmt: skip
"""What the view of the records does when it is told the name."""
MORE = ("open_find", "replace", "change_many", "", "import_into", "paste", "paste_new", "export", "", "delete")
"""The menu at the end of the toolbar; "" makes a line."""
CHOOSE = T("Choose records first.")


def offered(doing: Mapping[str, Run], *, writes: bool, chosen: int) -> list[PageCommand]:
    """What a person can invoke now.

    Args:
        doing: name -> what does it, of all that makes sense now.
        writes: whether the person may change records here.
        chosen: how many records are chosen.
    """
    return [
        PageCommand(
            name,
            each.title,
            each.icon,
            doing[name],
            each.shortcut,
            each.also,
            CHOOSE if name in OF_CHOSEN and not chosen else None,
        )
        for name, each in FORM_COMMANDS.items()
        if name in doing and (writes or not each.writes)
    ]


def menu_items(names: Sequence[str], commands: Sequence[PageCommand]) -> list[Item]:
    """A menu of those that are offered, in the order of `names`; "" makes a line."""
    by_name = {each.name: each for each in commands}
    items: list[Item] = []
    for name in names:
        if name in by_name:
            each = by_name[name]
            items.append(FORM_COMMANDS[name].item(each.run, enabled=each.why_not is None))
        elif not name and items and items[-1] is not LINE:
            items.append(LINE)
    return items[:-1] if items and items[-1] is LINE else items
