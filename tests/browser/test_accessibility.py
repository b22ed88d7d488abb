"""人人能用 Every page of the table of routes, in a real browser: WCAG 2.2 AA by axe; on a phone nothing to push
sideways; nothing to press smaller than a finger, in large print larger still; and the text large enough to read.

A page is opened once; its four looks are the phone and the desk, normal and large print. Large print changes sizes and
nothing else (tokens.css): axe looks in one of the four, and in all of them in the campaign. Colours come from the same
few names everywhere: they are measured on every second page, and on every one in the campaign.
"""

import zlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pioneer.kernel import clock
from tests.browser.conftest import DESKTOP, PHONE, ComeIn
from tests.web.routes import EVERYBODY, ROUTES, Row
from tests.web.site import prepared
from tests.world import TODAY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Look = tuple[str, dict[str, int], bool, bool]  # whether axe looks too; our own measure is taken in each
LOOKS: list[Look] = [
    ("phone", PHONE, False, False),
    ("phone, large print", PHONE, True, False),
    ("desk", DESKTOP, False, True),
    ("desk, large print", DESKTOP, True, False),
]
# Who opens a page: the first of these who sees it. A file to download has no looks.
VIEWERS = [
    "guilan",
    "recorder",
    "secretary",
    "township_officer",
    "community_officer",
    "district_officer",
    "auditor",
    "system_admin",
    "security_admin",
]
DOWNLOADS = {
    "rulebook-excel",
    "draft-excel",
    "draft-toml",
    "rulebook-text",
    "rulebook-regulation",
    "explain-json",
    "explain-pdf",
    "evidence",
    "totals-workbook",
    "settlement-workbook",
    "formers-template",
    "marks-template",
    "filing-package",
    "filing-document",
    "archive-package",
    "amendment-file",
    "announcement-workbook",
    "year-handout",
    "year-minutes",
    "year-statements",
    "year-statement",
    "sheet-scan",
    "offline-worker",
    "app-manifest",
    "declaring-phone",
    "supplement-scan",
    "supplement-text",
    "zeroing-file",
    "zeroing-paper",
    "unqualified-paper",
    "case-paper",
    "follow-ups-workbook",
    "follow-up-paper",
    "encouragement-slip",
    "dues-template",
    "notice-paper",
    "notice-picture",
    "notice-sheet",
    "proof-file",
    "nomination-notice",
    "nomination-letter",
    "nominations-workbook",
    "pool-workbook",
    "commendation-paper",
    "passbook-workbook",
    "passbook-month-paper",
    "passbook-month-workbook",
    "signed-month",
    "donation-receipt",
    "merchant-statement-paper",
    "merchant-statement-workbook",
    "card-paper",
    "all-card-papers",
    "good-picture",
    "signed-paper",
    "mfa_download_recovery_codes",
}
MEASURE = """
([large]) => {
  const wrong = [];
  const seen = element => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== 'hidden' && box.right > 0 && box.bottom > 0;
  };
  const said = element => (element.innerText || element.name || '').slice(0, 24);
  const name = element => `${element.tagName.toLowerCase()}.${element.className} ${said(element)}`;
  const width = document.documentElement;
  if (width.scrollWidth > width.clientWidth + 1) {
    const widest = [...document.querySelectorAll('main *, header *')].filter(seen)
      .sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
    wrong.push(`scrolls sideways: ${width.scrollWidth} in ${width.clientWidth}, ${widest && name(widest)}`);
  }
  const least = large ? 60 : 44;
  const targets = 'button, .button, summary, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]),'
    + 'textarea, nav a, .link-row[href], .bar-act';
  for (const element of document.querySelectorAll(targets)) {
    if (!seen(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.height < least - 0.5) wrong.push(`small to press: ${Math.round(box.height)} px, ${name(element)}`);
  }
  for (const element of document.querySelectorAll('input[type=checkbox], input[type=radio]')) {
    const label = element.closest('label') || document.querySelector(`label[for="${element.id}"]`);
    if (!label || !seen(label)) continue;
    const box = label.getBoundingClientRect();
    if (box.height < least - 0.5) wrong.push(`small to press: ${Math.round(box.height)} px, ${name(label)}`);
  }
  const size = element => parseFloat(getComputedStyle(element).fontSize);
  const [plain, second] = large ? [20, 18] : [18, 16];
  for (const element of document.querySelectorAll('main, main *')) {
    if (!seen(element) || element.closest('svg')) continue;
    const typed = element.matches('input:not([type=checkbox]):not([type=radio]), textarea, select');
    const speaks = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!typed && !speaks) continue;
    if (size(element) < (typed ? plain : second)) wrong.push(`small to read: ${size(element)} px, ${name(element)}`);
  }
  if (size(document.body) < plain) wrong.push(`the plain text has ${size(document.body)} px`);
  return [...new Set(wrong)];
}
"""


def viewer(row: Row) -> str:
    """Who opens it; nobody signed in where the page is a public one."""
    if row.public:
        return ""
    return next((code for code in VIEWERS if code in (row.sees or ())), sorted(row.sees or EVERYBODY)[0])


PAGES: dict[str, list[str]] = {}
for _name, _row in ROUTES.items():
    if _row.sees and _name not in DOWNLOADS:
        PAGES.setdefault(viewer(_row), []).append(_name)


PEOPLE = sorted(PAGES, key=lambda person: -len(PAGES[person]))


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_page_can_be_used_by_everybody(part: int, come_in: ComeIn) -> None:
    assert not wrong_pages(come_in, PEOPLE[part::3], LOOKS)


@pytest.mark.campaign
def test_every_page_can_be_used_by_everybody_in_every_look(come_in: ComeIn) -> None:
    assert not wrong_pages(come_in, PEOPLE, [(*look[:3], True) for look in LOOKS])


def wrong_pages(come_in: ComeIn, people: list[str], looks: list[Look]) -> str:
    axe = Axe()
    wrong: list[str] = []
    with prepared(own=True) as site, clock.at(TODAY):
        for person in people:
            page = come_in(site.world.users.get(person))
            for name in PAGES[person]:
                page.goto(site.address(name, ROUTES[name]))
                contrast = looks is not LOOKS or zlib.crc32(name.encode()) % 2 == 0
                wrong += [f"{name}, {said}" for said in looked_at(page, axe, looks, contrast=contrast)]
    return "\n".join(wrong)


def looked_at(page: Page, axe: Axe, looks: list[Look] = LOOKS, *, contrast: bool = True) -> list[str]:
    """What is wrong in any of the looks. `contrast`: whether every text's colour is held against what lies under it,
    which takes longer than all the rest."""
    rules = {"color-contrast": {"enabled": contrast}}
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    wrong = []
    for look, size, large, with_axe in looks:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate(
            "large => large ? document.documentElement.dataset.print = 'large'"
            " : document.documentElement.removeAttribute('data-print')",
            large,
        )
        wrong += [f"{look}: {said}" for said in page.evaluate(MEASURE, [large])]
        if with_axe:
            found = axe.run(
                page,
                options={"runOnly": {"type": "tag", "values": TAGS}, "rules": rules, "resultTypes": ["violations"]},
            ).response
            assert len(found["passes"]) > 5, "axe has looked at something"
            wrong += [f"{look}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
    return wrong
