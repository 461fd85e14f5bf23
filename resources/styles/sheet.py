"""The Qt style sheet, one string made from the tokens. Widgets name their part by the properties `kind` and `role`."""

from __future__ import annotations

from resources.styles.tokens import SIZES, Colours

S = SIZES


def style_sheet(c: Colours) -> str:
    """The whole style sheet for the colours `c`."""
    parts = (_grounds, _labels, _buttons, _fields, _cards, _menus, _bars, _tables, _scrolls, _shell, _wizard)
    return "\n".join(part(c) for part in parts)


def _grounds(c: Colours) -> str:
    return f"""
QMainWindow, QWidget[role="page"] {{ background: {c.canvas}; }}
QDialog {{ background: {c.surface}; }}
QWidget[role="surface"] {{ background: {c.surface}; }}
QFrame[role="rule"] {{ background: {c.border}; border: none; max-height: {S.hair}px; min-height: {S.hair}px; }}
QFrame[role="rule_upright"] {{ background: {c.border}; border: none; max-width: {S.hair}px; min-width: {S.hair}px; }}
QSplitter::handle {{ background: {c.border}; }}
QSplitter::handle:horizontal {{ width: {S.hair}px; }}
QSplitter::handle:vertical {{ height: {S.hair}px; }}
QToolTip {{ background: {c.raised}; color: {c.text}; border: {S.hair}px solid {c.border_strong};
    padding: {S.xs}px {S.s}px; }}
"""


def _labels(c: Colours) -> str:
    return f"""
QLabel {{ color: {c.text}; background: transparent; }}
QLabel:disabled {{ color: {c.disabled}; }}
QLabel[role="title"] {{ font-size: {S.title}px; font-weight: 600; }}
QLabel[role="section"] {{ font-size: {S.section}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="label"] {{ font-weight: 500; }}
QLabel[role="secondary"] {{ color: {c.secondary}; }}
QLabel[role="small"] {{ color: {c.secondary}; font-size: {S.small}px; }}
QLabel[role="error"] {{ color: {c.danger}; font-size: {S.small}px; }}
QLabel[role="required"] {{ color: {c.danger}; font-weight: 600; }}
QLabel[role="link"] {{ color: {c.accent_text}; }}
QLabel[role="fx"] {{ color: {c.secondary}; font-size: {S.small}px; font-style: italic; }}
QLabel[role="bubble"] {{ color: {c.danger}; background: {c.danger_soft}; border: {S.hair}px solid {c.danger};
    border-radius: {S.radius_small}px; padding: {S.xs}px {S.s}px; font-size: {S.small}px; }}
"""


def _buttons(c: Colours) -> str:
    flat, pad = S.hair, S.m
    ring = S.focus
    return f"""
QPushButton {{ background: {c.surface}; color: {c.text}; border: {flat}px solid {c.border_strong};
    border-radius: {S.radius}px; padding: 0 {pad}px; min-height: {S.control - 2 * flat}px; }}
QPushButton:hover {{ background: {c.hover_row}; }}
QPushButton:pressed, QPushButton:checked {{ background: {c.accent_soft}; }}
QPushButton:disabled {{ color: {c.disabled}; border-color: {c.border}; background: {c.canvas}; }}
QPushButton:focus {{ border: {ring}px solid {c.accent}; padding: 0 {pad - 1}px;
    min-height: {S.control - 2 * ring}px; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
    font-weight: 600; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{ background: {c.accent_hover};
    border-color: {c.accent_hover}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.border}; border-color: {c.border}; color: {c.disabled}; }}
QPushButton[kind="danger"] {{ background: {c.danger}; color: {c.on_danger}; border-color: {c.danger};
    font-weight: 600; }}
QPushButton[kind="danger"]:hover {{ background: {c.danger_hover}; border-color: {c.danger_hover}; }}
QPushButton[kind="ghost"], QPushButton[kind="link"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="ghost"]:hover {{ background: {c.hover_row}; border-color: {c.hover_row}; }}
QPushButton[kind="ghost"]:pressed, QPushButton[kind="ghost"]:checked {{ background: {c.accent_soft};
    border-color: {c.accent_soft}; color: {c.accent_text}; }}
QPushButton[kind="ghost"]:disabled {{ color: {c.disabled}; background: transparent; }}
QPushButton[kind="link"] {{ color: {c.accent_text}; padding: 0 {S.xs}px; font-weight: 600; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="ghost"]:focus, QPushButton[kind="link"]:focus {{ border-color: {c.accent}; }}
QPushButton[compact="true"] {{ min-height: {S.compact - 2 * flat}px; padding: 0 {S.s}px; }}
QPushButton[compact="true"]:focus {{ min-height: {S.compact - 2 * ring}px; padding: 0 {S.s - 1}px; }}
QPushButton[kind="link"]:focus {{ padding: 0 {S.xs - 1}px; }}
QToolButton {{ background: transparent; color: {c.text}; border: {flat}px solid transparent;
    border-radius: {S.radius}px; padding: 0; }}
QToolButton:hover {{ background: {c.hover_row}; }}
QToolButton:pressed, QToolButton:checked {{ background: {c.accent_soft}; }}
QToolButton:focus {{ border: {ring}px solid {c.accent}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _fields(c: Colours) -> str:
    field = 'QLineEdit, QPlainTextEdit, QTextEdit, QPushButton[kind="field"]'
    focus = 'QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QPushButton[kind="field"]:focus'
    return f"""
{field} {{ background: {c.surface}; color: {c.text}; border: {S.hair}px solid {c.border_strong};
    border-radius: {S.radius}px; selection-background-color: {c.selection}; selection-color: {c.text};
    font-weight: 400; }}
QLineEdit, QPushButton[kind="field"] {{ padding: 0 {S.s}px; min-height: {S.control - 2 * S.hair}px; }}
QPushButton[kind="field"] {{ text-align: left; }}
QPlainTextEdit, QTextEdit {{ padding: {S.xs}px; }}
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"], QPushButton[kind="field"]:disabled {{
    background: {c.canvas}; border-color: {c.border}; color: {c.text}; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ color: {c.disabled}; background: {c.canvas};
    border-color: {c.border}; }}
{focus} {{ border: {S.focus}px solid {c.accent}; }}
QLineEdit:focus, QPushButton[kind="field"]:focus {{ padding: 0 {S.s - 1}px;
    min-height: {S.control - 2 * S.focus}px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: {S.xs - 1}px; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QPushButton[kind="field"][wrong="true"] {{
    border-color: {c.danger}; }}
QLineEdit[inline="true"], QPlainTextEdit[inline="true"], QPushButton[kind="field"][inline="true"] {{
    border-radius: 0; border: {S.focus}px solid {c.accent}; padding: 0 {S.s - 2}px; min-height: 0; }}
QLineEdit[inline="true"][wrong="true"] {{ border-color: {c.danger}; }}
QLineEdit[compact="true"] {{ min-height: {S.compact - 2 * S.hair}px; max-height: {S.compact - 2 * S.hair}px; }}
QLineEdit[compact="true"]:focus {{ min-height: {S.compact - 2 * S.focus}px; }}
QLineEdit[role="search"], QLineEdit[role="search"]:focus {{ padding-left: 0; }}
QLineEdit[role="bare"] {{ border: none; background: transparent; padding: 0; }}
"""


def _cards(c: Colours) -> str:
    return f"""
QFrame[role="card"] {{ background: {c.surface}; border: {S.hair}px solid {c.border};
    border-radius: {S.card_radius}px; }}
CardButton {{ background: {c.surface}; border: {S.hair}px solid {c.border};
    border-radius: {S.card_radius}px; }}
CardButton:hover {{ border-color: {c.accent}; background: {c.surface}; }}
CardButton:pressed {{ background: {c.accent_soft}; }}
CardButton:focus {{ border: {S.focus}px solid {c.accent}; }}
CardButton[target="true"] {{ border: {S.focus}px dashed {c.accent}; background: {c.accent_soft}; }}
QFrame[role="popover"], QFrame[role="toast"] {{ background: {c.raised}; border: {S.hair}px solid {c.border_strong};
    border-radius: {S.card_radius}px; }}
QFrame[role="code"], QFrame[role="group"] {{ background: {c.canvas}; border: {S.hair}px solid {c.border};
    border-radius: {S.radius}px; }}
QFrame[role="notice"] {{ border: none; border-bottom: {S.hair}px solid {c.border}; }}
QFrame[role="notice"][tone="info"] {{ background: {c.accent_soft}; }}
QFrame[role="notice"][tone="success"] {{ background: {c.success_soft}; }}
QFrame[role="notice"][tone="warning"] {{ background: {c.warning_soft}; }}
QFrame[role="notice"][tone="danger"] {{ background: {c.danger_soft}; }}
"""


def _menus(c: Colours) -> str:
    return f"""
QMenu {{ background: {c.raised}; color: {c.text}; border: {S.hair}px solid {c.border_strong};
    border-radius: {S.card_radius}px; padding: {S.xs}px; }}
QMenu::item {{ padding: {S.xs + 2}px {S.xl}px {S.xs + 2}px {S.s}px; border-radius: {S.radius_small}px;
    min-width: {S.popover_width // 2}px; }}
QMenu::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.disabled}; }}
QMenu::icon {{ padding-left: {S.s}px; }}
QMenu::indicator {{ width: 0; height: 0; image: none; }}
QMenu::separator {{ height: {S.hair}px; background: {c.border}; margin: {S.xs}px {S.s}px; }}
QListView {{ background: {c.raised}; color: {c.text}; border: none; outline: none;
    selection-background-color: {c.accent_soft}; selection-color: {c.text}; }}
QListView[role="picks"]::item {{ padding: 0 {S.s}px; border-radius: {S.radius_small}px; min-height: {S.control}px; }}
QListView[role="picks"]::item:hover {{ background: {c.hover_row}; }}
QListView[role="picks"]::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
"""


def _bars(c: Colours) -> str:
    return f"""
QFrame[role="toolbar"] {{ background: {c.surface}; border: none; border-bottom: {S.hair}px solid {c.border}; }}
QFrame[role="panel"] {{ background: {c.surface}; border: none; border-left: {S.hair}px solid {c.border}; }}
QFrame[role="foot"] {{ background: {c.surface}; border: none; border-top: {S.hair}px solid {c.border}; }}
QWidget[role="event"] {{ background: {c.canvas}; border-radius: {S.radius}px; }}
QTabBar {{ background: transparent; border: none; }}
QTabBar::tab {{ background: transparent; color: {c.secondary}; border: none; padding: 0 {S.m}px;
    min-height: {S.toolbar - S.focus}px; border-bottom: {S.focus}px solid transparent; }}
QTabBar::tab:hover {{ color: {c.text}; }}
QTabBar::tab:selected {{ color: {c.text}; font-weight: 600; border-bottom: {S.focus}px solid {c.accent}; }}
QTabBar::tab:focus {{ background: {c.accent_soft}; }}
QProgressBar {{ background: {c.border}; border: none; border-radius: {S.focus}px; max-height: {S.xs}px;
    min-height: {S.xs}px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: {S.focus}px; }}
QFrame[role="segments"] {{ background: {c.track}; border: {S.hair}px solid {c.border_strong};
    border-radius: {S.radius}px; }}
QPushButton[kind="segment"] {{ background: transparent; border: {S.hair}px solid transparent; color: {c.secondary};
    border-radius: {S.radius_small}px; min-height: {S.compact - 4}px; padding: 0 {S.m}px; }}
QPushButton[kind="segment"]:hover {{ color: {c.text}; }}
QPushButton[kind="segment"]:checked {{ background: {c.track_chosen}; color: {c.text}; font-weight: 600; }}
QPushButton[kind="segment"]:focus {{ border: {S.focus}px solid {c.accent}; padding: 0 {S.m - 1}px;
    min-height: {S.compact - 6}px; }}
"""


def _tables(c: Colours) -> str:
    return f"""
QTableView {{ background: {c.surface}; color: {c.text}; border: none; gridline-color: {c.border};
    selection-background-color: {c.selection}; selection-color: {c.text}; outline: none;
    alternate-background-color: {c.surface}; }}
QHeaderView {{ background: {c.surface}; border: none; }}
QHeaderView::section {{ background: {c.surface}; color: {c.secondary}; font-size: {S.small}px; font-weight: 500;
    border: none; border-bottom: {S.hair}px solid {c.border}; padding: 0 {S.s}px; min-height: {S.row - 1}px; }}
QHeaderView::section:hover {{ background: {c.hover_row}; }}
QTableCornerButton::section {{ background: {c.surface}; border: none; border-bottom: {S.hair}px solid {c.border}; }}
"""


def _scrolls(c: Colours) -> str:
    bar, thumb = S.scroll_bar, S.xl
    return f"""
QScrollArea, QAbstractScrollArea[role="clear"] {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[role="clear"] {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: {bar}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {bar}px; margin: 0; }}
QScrollBar::handle {{ background: {c.border_strong}; border-radius: {bar // 2 - 2}px; margin: {S.focus}px; }}
QScrollBar::handle:vertical {{ min-height: {thumb}px; }}
QScrollBar::handle:horizontal {{ min-width: {thumb}px; }}
QScrollBar::handle:hover {{ background: {c.disabled}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}
"""


def _shell(c: Colours) -> str:
    return f"""
QFrame[role="rail"] {{ background: {c.surface}; border: none; border-right: {S.hair}px solid {c.border};
    min-width: {S.rail}px; max-width: {S.rail}px; }}
QFrame[role="status"] {{ background: {c.surface}; border: none; border-top: {S.hair}px solid {c.border};
    min-height: {S.status - 1}px; max-height: {S.status - 1}px; }}
QPushButton[kind="entry"] {{ background: transparent; border-color: transparent; text-align: left; }}
QPushButton[kind="entry"]:hover {{ background: {c.hover_row}; }}
QPushButton[kind="entry"]:checked {{ background: {c.accent_soft}; color: {c.accent_text}; font-weight: 600; }}
QPushButton[kind="entry"]:focus {{ border-color: {c.accent}; }}
QToolButton[kind="status"] {{ color: {c.secondary}; font-size: {S.small}px; padding: 0 {S.s}px;
    min-height: {S.status - 6}px; }}
QToolButton[kind="rail"] {{ color: {c.secondary}; font-size: {S.small}px; }}
QToolButton[kind="rail"]:hover {{ color: {c.text}; }}
QToolButton[kind="rail"]:checked {{ color: {c.accent_text}; background: {c.accent_soft}; font-weight: 600; }}
"""


def _wizard(c: Colours) -> str:
    return f"""
QFrame[role="pane"] {{ background: {c.surface}; border: none; }}
QFrame[role="head"] {{ background: transparent; border: none; }}
QToolButton[kind="star"]:checked {{ background: transparent; }}
QLineEdit[kind="name"] {{ background: transparent; border: {S.hair}px solid transparent; font-weight: 600;
    padding: 0 {S.xs}px; min-height: {S.compact - 2 * S.hair}px; border-radius: {S.radius_small}px; }}
QLineEdit[kind="name"]:hover {{ border-color: {c.border_strong}; }}
QLineEdit[kind="name"]:disabled {{ color: {c.disabled}; border-color: transparent; }}
QLineEdit[kind="name"]:focus {{ background: {c.surface}; border: {S.focus}px solid {c.accent};
    padding: 0 {S.xs - 1}px; min-height: {S.compact - 2 * S.focus}px; }}
QLineEdit[kind="name"][wrong="true"] {{ border-color: {c.danger}; }}
QPushButton[small="true"] {{ font-size: {S.small}px; color: {c.secondary}; padding: 0 {S.xs}px;
    min-height: {S.xl - 2 * S.hair}px; }}
QPushButton[small="true"]:focus {{ min-height: {S.xl - 2 * S.focus}px; padding: 0 {S.xs - 1}px; }}
QFrame[role="entry"] {{ background: transparent; border: none; border-radius: {S.radius}px; }}
QFrame[role="entry"]:hover {{ background: {c.hover_row}; }}
QFrame[role="entry"][chosen="true"] {{ background: {c.accent_soft}; }}
QFrame[role="doubt"] {{ background: {c.surface}; border: {S.hair}px solid {c.border};
    border-radius: {S.card_radius}px; }}
QFrame[role="doubt"][near="true"] {{ border-color: {c.accent}; }}
"""
