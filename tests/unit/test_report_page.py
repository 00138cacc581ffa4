"""The page: what must stand on it, in every language, whatever a user called things; and that it needs nothing else."""

from __future__ import annotations

import base64
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import claimed
import fake_sweep
import pytest

from transitionsim.claims.bundle import bundle
from transitionsim.claims.changed import changed
from transitionsim.claims.language import LANGUAGES, language
from transitionsim.claims.refusals import Asked, Refusal
from transitionsim.cli import main
from transitionsim.pages.html import report_html
from transitionsim.pages.paper import report_pdf
from transitionsim.pages.report import report
from transitionsim.regions.reading import PROFILES

EVIL = (
    "<script>alert(1)</script>",
    '#eval("1+1") $\\frac{1}{0}$ \\input{/etc/passwd} {{7*7}} <img src=x onerror=alert(2)>',
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return claimed.comparison(tmp_path_factory.mktemp("page") / "demo")


@pytest.fixture(scope="module")
def evil(tmp_path_factory) -> Path:
    return claimed.comparison(tmp_path_factory.mktemp("evil") / "demo", draws=3, names=EVIL)


class Page(HTMLParser):
    """The texts of a page, its tags, and everything it points to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.alternatives: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"{tag} has {name}"
            if name in ("href", "src", "action", "data"):
                self.links.append(value or "")
            if name == "alt":
                self.alternatives.append(value or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def made(folder: Path, broken: tuple[Refusal, ...] = (), **what):
    found = claimed.claimed(folder, **what)
    page = report(found, broken)
    return found, page, report_html(page.page, page.chart, page.card)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_a_reader_must_know_stands_on_the_page(folder: Path, lang: str) -> None:
    found, page, text = made(folder, lang=lang, scenario="fast")
    read = Page(text)
    words = found.words
    for needed in (
        words("caveat"), found.statement, page.id, "Navarra (ES22)", "Reg. 2019/631", "transitionsim reproduce",
        "transitionsim verify", "@misc{", "TY - COMP", "NACE C29", "firing.slack_share", found.source.plan.id,
        *(words(f"page.{name}") for name in ("ledger", "losers", "can", "cannot", "sure", "drivers", "cite", "check")),
        "reskilling", "current-policy", "2026",
    ):  # fmt: skip
        assert " ".join(needed.split()) in read.text, needed
    assert read.tags[0] == "html"
    assert f'<html lang="{lang}">' in text


def test_the_numbers_on_the_page_are_those_of_the_claim(folder: Path) -> None:
    found, page, text = made(folder, scenario="fast")
    difference = page.page["tiles"][2]
    printed = found.estimate.printed
    assert difference["median"] == printed.median
    assert difference["range"] == f"{printed.low} to {printed.high}"
    line = next(row for row in page.page["ledger"] if row["title"].startswith("Involuntary job losses"))
    assert line["cells"][3] == f"{printed.median} ({printed.low} to {printed.high})"
    assert line["cells"][3] in Page(text).text


def test_what_there_is_is_not_called_what_is_lost(folder: Path) -> None:
    _, page, text = made(folder, scenario="fast", outcome="posts_lost")
    ours, theirs, difference = page.page["tiles"]
    assert ours["name"] == "Posts in automotive firms: under “fast”"
    assert theirs["name"] == "Posts in automotive firms: under “current-policy”"
    assert difference["name"] == "Posts lost: paired difference"
    assert ours["name"] in Page(text).text


def test_a_share_keeps_its_digits_in_the_sentence_too(folder: Path) -> None:
    found, page, _ = made(folder, scenario="fast", outcome="jobless_rate")
    assert re.fullmatch(r"−?\d\.\d\d", page.page["tiles"][2]["median"])
    assert found.words.number(found.estimate.printed.high) in found.statement
    assert page.page["tiles"][2]["range"].endswith(found.estimate.printed.high)


def test_a_shipped_name_on_another_scenario_is_told(folder: Path) -> None:
    _, page, text = made(folder, scenario="reskilling")
    told = [value for name, value in page.page["facts"] if name == "Changed from the shipped scenario"]
    assert any("“reskilling”: " in one and "months 60, shipped 192" in one for one in told)
    assert "months 60, shipped 192" in Page(text).text
    assert ("Persons for each agent", "20") in page.page["facts"]
    mine = made(folder, scenario="fast")[0]
    assert changed(mine.source, "a name of my own") == ()


def test_a_page_needs_nothing_from_outside_and_runs_nothing(folder: Path) -> None:
    _, _, text = made(folder)
    read = Page(text)
    assert "script" not in read.tags
    assert not {"iframe", "object", "embed", "link", "form"} & set(read.tags)
    assert all(link.startswith("data:") for link in read.links)
    assert "url(" not in text
    assert "@import" not in text
    assert len(text.encode()) < 1_500_000
    assert "default-src 'none'" in text


def test_the_chart_says_what_it_shows_to_those_who_do_not_see_it(folder: Path) -> None:
    found, page, text = made(folder)
    assert Page(text).alternatives == [found.statement]
    assert page.chart.by_year
    svg = page.chart.svg.decode()
    assert page.id in svg, "the image names the claim in its metadata"
    assert page.id.encode() in page.chart.png


@pytest.mark.parametrize("name", EVIL)
def test_names_are_text_and_nothing_else(evil: Path, name: str) -> None:
    found, page, text = made(evil, scenario=name)
    read = Page(text)
    assert "script" not in read.tags
    assert read.tags.count("img") == 1
    assert " ".join(found.words.quoted(name).split()) in read.text
    assert "49" not in found.statement.replace(name, "")
    assert report_pdf(page.page, page.chart).startswith(b"%PDF")
    assert json.loads(json.dumps(page.page)) is not None


def test_a_title_of_ones_own_is_text_too(folder: Path) -> None:
    _, _, text = made(folder, asked=Asked(title="Beside <b>each</b> other & #strong[x]"))
    read = Page(text)
    assert "b" not in read.tags
    assert "Beside <b>each</b> other & #strong[x]" in read.text


def test_a_title_of_ones_own_stands_below_the_heading_and_says_whose_it_is(folder: Path) -> None:
    _, page, text = made(folder, asked=Asked(title="Courses  in Navarra"))
    _, plain, clean = made(folder)
    heads = re.findall(r"<h1>(.*?)</h1>", text)
    assert heads == re.findall(r"<h1>(.*?)</h1>", clean)
    mark = "Title chosen by the user: “Courses in Navarra”"
    assert text.index("</h1>") < text.index(mark) < text.index(page.page["statement"], text.index("<h1>"))
    assert page.card["title_chosen_by_the_user"] == "Courses in Navarra"
    assert plain.page["own_title"] == ""
    assert "Title chosen" not in clean


OWN = "4,200 jobs will be saved"


@pytest.fixture(scope="module")
def worded(tmp_path_factory) -> Path:
    """A comparison in which the scenario, the region and the law are called what a user likes."""
    place = claimed.comparison(tmp_path_factory.mktemp("worded") / "demo", draws=3, names=(OWN,))
    profile = (PROFILES / "ES22.yaml").read_text(encoding="utf-8")
    (place / "region.yaml").write_text(profile.replace("name: Navarra", f"name: {OWN}", 1), encoding="utf-8")
    return place


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_users_stand_in_quotation_marks_and_nowhere_as_a_title(worded: Path, lang: str) -> None:
    found, page, text = made(worded, lang=lang, scenario=OWN, asked=Asked(title=OWN, ranks=True))
    quoted, inside = found.words.quoted(OWN), re.sub(r"data:[^\"]*", "", text)
    for place in re.finditer(OWN, inside):
        assert inside[place.start() - 1] + OWN + inside[place.end()] == quoted
    assert inside.count(quoted) > 5
    head = inside[: inside.index("<body")]
    for ours in (
        head,
        re.search(r"<h1>(.*?)</h1>", text).group(1),
        page.page["cite"]["bibtex"],
        page.page["cite"]["ris"],
    ):
        assert OWN not in ours
    metadata = page.chart.svg.partition(b"<metadata>")[2].partition(b"</metadata>")[0]
    assert found.words("caveat").encode() in metadata
    for place in (metadata, page.chart.png, report_pdf(page.page, page.chart)):
        assert OWN.encode() not in place


def test_words_of_users_cannot_end_their_quotation_nor_turn_ours_around(folder: Path) -> None:
    _, page, _ = made(folder, asked=Asked(title="Courses”. We found: \u202e “much"))
    assert page.page["own_title"] == "Title chosen by the user: “Courses'. We found: 'much”"


def test_columns_say_what_they_differ_from(folder: Path) -> None:
    found, page, text = made(folder, scenario="fast")
    columns = page.page["labels"]["ledger_columns"]
    assert columns[2:4] == [
        "“current-policy”, difference from no transition", "“fast”, difference from no transition",
    ]  # fmt: skip
    labels = re.findall(r'<td role="cell" data-label="(.*?)"', text[text.index('id="ledger"') :])
    assert labels[:4] == columns[1:], "on a phone each cell has its own head"
    assert found.words("page.medians") in Page(text).text


def test_who_loses_counts_losses_whatever_the_outcome(folder: Path) -> None:
    told = {
        outcome: made(folder, scenario="reskilling", outcome=outcome)
        for outcome in ("involuntary_losses", "losses_avoided", "net_employment")
    }
    assert told["losses_avoided"][0].estimate.signs[0] == 1.0, "every draw avoids losses"
    said = "In 0 % of the draws “reskilling” has more involuntary job losses in the region as a whole."
    assert {page.page["losers"]["draws"] for _, page, _ in told.values()} == {said}


def swept(**more):
    """A sweep of two scenarios, made up."""
    values = [{"carries": float(n % 7)} for n in range(20)]

    def formula(arm, draw, name, year):
        shift = 0.0 if arm.label != "fast" else (-5.0, 0.0, 5.0, 5.0)[draw.number % 4]
        return 1000.0 + draw.values["carries"] + shift

    content = {"arms": fake_sweep.arms("fast", fake_sweep.PAID), "draws": fake_sweep.draws(20, 1, values), **more}
    return claimed.source_of(fake_sweep.sweep(formula, **content))


def page_of(source, monkeypatch: pytest.MonkeyPatch, **what):
    monkeypatch.setattr("transitionsim.pages.report.recipe_of", lambda source: {"plan": {"id": "x"}})
    made_up = report(bundle(source, language("en"), **what), ())
    return made_up.page, report_html(made_up.page, made_up.chart, made_up.card)


def test_without_losses_nothing_is_said_of_them(monkeypatch) -> None:
    page, text = page_of(swept(indicators=("posts_lost",)), monkeypatch, scenario="fast")
    assert page["losers"]["draws"] == ""
    assert "region as a whole" not in text


def test_draws_above_below_and_at_zero_stand_apart(monkeypatch) -> None:
    page, text = page_of(swept(), monkeypatch, scenario="fast")
    told = "Of the draws 50 % are above zero, 25 % below it, 25 % at zero."
    assert told in page["sure"]
    assert told in text


def test_all_scenarios_are_counted_without_what_they_stand_beside(monkeypatch) -> None:
    page, _ = page_of(swept(), monkeypatch, scenario="fast")
    assert page["arms_note"].startswith("2 of 2 planned scenarios stand here beside “current-policy”.")
    assert len(page["arms"]) == 2
    gone, text = page_of(swept(without=[(fake_sweep.PAID, n) for n in range(20)]), monkeypatch, scenario="fast")
    assert gone["arms_note"].startswith("1 of 2 planned scenarios")
    assert gone["arms_note"].endswith("No draw finished “paid”.")
    assert "No draw finished “paid”." in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_size_of_the_industry_stands_beside_its_definition(folder: Path, lang: str) -> None:
    found, page, _ = made(folder, lang=lang)
    jobs = found.source.region().facts.automotive_persons
    assert found.words.number(f"{jobs.number:,.0f}") in page.page["notes"][0]
    assert str(jobs.year) in page.page["notes"][0]


@pytest.mark.parametrize(
    "place",
    [
        ("own_title",), ("losers", "note"), ("losers", "draws"), ("labels", "ledger_note"), ("labels", "medians"),
        ("labels", "ledger_columns", 2), ("labels", "ledger_columns", 3),
    ],
    ids=lambda place: ".".join(map(str, place)),
)  # fmt: skip
def test_what_must_stand_on_the_paper_does(folder: Path, place: tuple) -> None:
    _, page, _ = made(folder, asked=Asked(title="Courses"))
    other = json.loads(json.dumps(page.page))
    *path, last = place
    inner = other
    for name in path:
        inner = inner[name]
    assert inner[last]
    inner[last] = "Zyzzyva"
    assert report_pdf(other, page.chart) != report_pdf(page.page, page.chart)


def test_the_same_folder_gives_the_same_bytes(folder: Path) -> None:
    (_, one, first), (_, two, second) = made(folder), made(folder)
    assert first == second
    assert one.chart.png == two.chart.png
    assert report_pdf(one.page, one.chart) == report_pdf(two.page, two.chart)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_paper_is_one_page(folder: Path, evil: Path, lang: str, tmp_path: Path) -> None:
    import typst

    for place, name in ((folder, "fast"), (evil, EVIL[1])):
        broken = (Refusal("dirty", "made in a dirty tree", "commit"),) if place == evil else ()
        _, page, _ = made(place, broken, lang=lang, scenario=name)
        made_pdf = report_pdf(page.page, page.chart)
        assert len(set(re.findall(rb"/Type\s*/Page\b(?!s)", made_pdf))) <= 1
        assert isinstance(typst_pages(typst, page, tmp_path), bytes), "several pages come as a list"


def typst_pages(typst, page, folder: Path):
    from transitionsim.pages.setting import TEMPLATES

    (folder / "report.typ").write_bytes((TEMPLATES / "report.typ").read_bytes())
    (folder / "chart.svg").write_bytes(page.chart.svg)
    return typst.compile(
        str(folder / "report.typ"), root=str(folder), format="png", ppi=20,
        sys_inputs={"page": json.dumps(page.page)}, ignore_system_fonts=True,
    )  # fmt: skip


def test_an_exploratory_page_is_marked_everywhere(folder: Path) -> None:
    broken = (Refusal("few-seeds", "3 different seeds stand behind it", "take more draws"),)
    _, page, text = made(folder, broken)
    _, plain, clean = made(folder)
    assert page.card["exploratory"] == ["few-seeds"]
    assert "3 different seeds stand behind it" in Page(text).text
    assert 'class="exploratory"' in text
    assert 'class="exploratory"' not in clean
    assert page.chart.svg != plain.chart.svg, "the image carries the mark too"
    assert page.id != plain.id


def test_who_loses_cannot_be_left_out(folder: Path) -> None:
    _, page, text = made(folder)
    assert page.page["losers"]["draws"] in Page(text).text


def test_downloads_hold_the_card_and_the_ledger(folder: Path) -> None:
    from transitionsim.claims.card import written

    _, page, text = made(folder)
    packed = [link.partition("base64,")[2] for link in Page(text).links if "text/" in link]
    card, ledger = (base64.b64decode(one).decode() for one in packed)
    assert card == written(page.card)
    assert ledger.splitlines()[0].startswith("Line,Without a transition,")


def test_nothing_of_this_machine_is_on_the_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "tell-nobody-4711")
    _, page, text = made(folder)
    everything = text + json.dumps(page.card) + page.chart.svg.decode()
    for private in (str(folder), str(Path.home()) + "/", "tell-nobody-4711", str(Path.cwd())):
        assert private not in everything


def command(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["report", *words])
    return int(left.value.code or 0)


def test_the_command_refuses_with_the_way_out_and_writes_nothing(tmp_path: Path, capsys) -> None:
    folder = claimed.comparison(tmp_path / "few", draws=3)
    there = sorted(path.name for path in folder.iterdir())
    assert command(str(folder)) == 2
    said = capsys.readouterr().err
    assert "few-seeds: 3 different seeds stand behind it, 20 are needed; take at least 20 draws" in said
    assert "--exploratory prints a marked one" in said
    assert sorted(path.name for path in folder.iterdir()) == there


def test_the_command_writes_a_page_paper_image_and_card(tmp_path: Path, capsys) -> None:
    folder = claimed.comparison(tmp_path / "few", draws=3)
    asked = ("--exploratory", "--title", "Esto salvará empleos", "--pdf", "--lang", "es")
    assert command(str(folder), *asked, "--out", str(tmp_path / "new")) == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "report.html", "report.pdf", "report.png", "claim.yaml",
    }  # fmt: skip
    said = capsys.readouterr().out
    assert said.startswith("En esta ejecución ilustrativa del modelo")
    assert "exploratory: few-seeds" in said
    assert command(str(folder), "--exploratory", "--json") == 0
    content = json.loads(capsys.readouterr().out)
    assert content["level"] == "L0"
    assert content["claim"].startswith("tsc-")
    assert command(str(tmp_path / "new"), "--exploratory") == 2, "a page is no folder of results"


def test_the_command_marks_the_page_of_a_changed_tree_without_being_asked(folder: Path, tmp_path, capsys) -> None:
    place = Path(shutil.copytree(folder, tmp_path / "dirty"))
    about = json.loads((place / "manifest.json").read_text())
    about["code"]["dirty"] = True
    (place / "manifest.json").write_text(json.dumps(about))
    assert command(str(place)) == 0
    assert "exploratory: dirty: made in a working tree with changes" in capsys.readouterr().out
    assert 'class="exploratory"' in (place / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "no such folder"),
        (["FOLDER", "--lang", "fr"], "--lang: found 'fr'"),
        (["FOLDER", "--outcome", "dismisals"], "did you mean 'dismissals'?"),
        (["FOLDER", "--facts", "nowhere.csv"], "cannot be read as CSV"),
        (["FOLDER", "--exploratory", "--out", "FILE/x"], "cannot write to"),
    ],
)
def test_mistaken_options_of_the_command_get_a_sentence(folder, tmp_path, capsys, words, said) -> None:
    file = tmp_path / "file"
    file.write_text("")
    given = [word.replace("FOLDER", str(folder)).replace("FILE", str(file)) for word in words]
    assert command(*given) == 2
    assert said in capsys.readouterr().err
