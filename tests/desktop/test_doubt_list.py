"""The doubts of a review: where there are very many, their cards are made as far as somebody looks."""

from __future__ import annotations

from pathlib import Path

from desktop.import_wizard import steps
from desktop.import_wizard.doubt_list import DoubtCard
from tests.desktop.wizard_hands import LONG, Wizard
from tests.speed.sample import write_wide


def test_of_many_doubts_those_are_made_that_are_seen_and_more_when_somebody_scrolls(
    qtbot, wizard: Wizard, tmp_path: Path
):
    path = tmp_path / "宽.csv"
    write_wide(path)
    review = wizard.reviews(path)
    draft = wizard.flow.draft.now
    assert draft is not None
    asked = steps.all_doubts(draft)

    def made() -> int:
        return len(review.doubts.findChildren(DoubtCard))

    bar = review.doubts._area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > review.doubts.height(), timeout=LONG)
    assert 4 <= made() < len(asked) / 2
    former = made()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: made() > former, timeout=LONG)
    last = asked[-1]
    review.doubts.bring(last.id, focus=True)
    assert made() == len(asked)
    assert any(option.isChecked() for option in review.doubts.cards[last.id].options.values())
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
