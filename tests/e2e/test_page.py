"""The page at the API's root, in headless Chromium against the running local stack."""

import csv
import io
import json
import re
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.e2e.stack import ROOT

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = "chromium or chromedriver is not installed (Debian: chromium, chromium-driver)"
UNKNOWN = "\N{EN DASH}"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
pytestmark = [pytest.mark.full, pytest.mark.skipif(not (CHROMIUM and CHROMEDRIVER), reason=MISSING)]


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(CHROMEDRIVER))
    yield driver
    driver.quit()


class Page:
    """The page in the browser, and the API that it shows."""

    def __init__(self, chrome: Chrome, api_url: str) -> None:
        self.chrome, self.api_url = chrome, api_url
        self.look()

    def open(self, path: str = "") -> None:
        self.chrome.get("about:blank")  # a changed fragment alone would not load the page again
        for name in ("browser", "performance"):
            self.log(name)
        self.chrome.get(self.api_url + path)
        self.wait(lambda: self.rows() and self["#facts"].text and not self.all("[aria-busy=true]"))

    def look(self, width: int = 1280, scheme: str = "light") -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def wait(self, condition: Callable[[], object]) -> None:
        stale = [StaleElementReferenceException]  # the page redraws while it is being read
        WebDriverWait(self.chrome, 20, 0.1, stale).until(lambda _: bool(condition()))

    def all(self, selector: str) -> list[WebElement]:
        return self.chrome.find_elements(By.CSS_SELECTOR, selector)

    def __getitem__(self, selector: str) -> WebElement:
        return self.chrome.find_element(By.CSS_SELECTOR, selector)

    def script(self, code: str) -> Any:
        return self.chrome.execute_script(f"return {code}")

    def log(self, name: str) -> Any:
        return self.chrome.get_log(name)  # type: ignore[no-untyped-call]

    def sent(self) -> list[str]:
        """Return the URLs of the requests since the page was opened, or since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        sent = [event["params"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [one["request"]["url"] for one in sent]

    def rows(self) -> list[list[str]]:
        """Each row of the table: code, rate, change, change in percent; a plain sign and no arrow."""
        cells = "[row.querySelector('.code'), ...row.querySelectorAll('td')].map(it => it.firstChild.data)"
        written = self.script(f"[...document.querySelectorAll('tbody tr')].map(row => {cells})")
        return [[cell.replace("\N{MINUS SIGN}", "-").removeprefix("+") for cell in row] for row in written]

    def api(self, path: str) -> Any:
        """The API's answer, its numbers as the digits that were sent."""
        with urllib.request.urlopen(f"{self.api_url}/{path}") as answer:
            return json.loads(answer.read(), parse_float=str, parse_int=str)


def pick(page: Page, day: str) -> None:
    """Choose a date as the browser's own picker does."""
    change = "new Event('change')"
    page.chrome.execute_script(f"document.querySelector('#date').value = '{day}'")
    page.chrome.execute_script(f"document.querySelector('#date').dispatchEvent({change})")


def csv_rows(page: Page, link: str) -> list[dict[str, str]]:
    """Return the rows of the CSV file that a link leads to."""
    with urllib.request.urlopen(page[link].get_attribute("href") or "") as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode())))


@pytest.fixture
def page(chrome: Chrome, api_url: str) -> Page:
    return Page(chrome, api_url)


@pytest.mark.parametrize("base", ["EUR", "IDR"])
def test_the_table_shows_the_digits_of_the_api(page: Page, base: str) -> None:
    page.open(f"#base={base}&quote=JPY")
    latest, changes = page.api(f"latest?base={base}"), page.api(f"changes?base={base}")["rates"]
    assert page.rows() == [
        [code, rate, *(changes.get(code, {}).get(key, UNKNOWN) for key in ("change", "change_pct"))]
        for code, rate in latest["rates"].items()
    ]
    published, today = date.fromisoformat(latest["date"]), datetime.now(UTC).date()
    day = f"{published:%-d %B %Y}"
    assert day in page["#published"].text
    age = f"{(today - published).days} days ago"
    assert re.search(rf"{day}, {age}: a publication .* is not stored", page["#stale"].text)


def test_a_picked_date_shows_its_publication_with_ended_currencies(page: Page) -> None:
    page.open()
    pick(page, "2007-12-30")
    page.wait(lambda: "28 December 2007" in page["#caption"].text)
    assert page["#published"].text == ", Friday, 28 December 2007"
    day, changes = page.api("2007-12-30"), page.api("changes/2007-12-30")["rates"]
    assert [row[:3] for row in page.rows()] == [
        [code, rate, changes[code]["change"]] for code, rate in day["rates"].items()
    ]
    assert "Cyprus Pound" in page["#rows"].text
    assert "CYP" in [option.get_attribute("value") for option in Select(page["#base"]).options]
    page.wait(lambda: "28 December 2007" in page["output"].text)
    page.wait(lambda: "28 December 2007" in page["#reading"].text)
    assert "date=2007-12-30" in page.script("location.hash")


def test_a_shared_address_keeps_its_date_until_another_is_picked(page: Page) -> None:
    page.open("#base=USD&quote=JPY&date=1999-01-04")
    assert "4 January 1999" in page["#caption"].text
    assert {row[2] for row in page.rows()} == {UNKNOWN}  # nothing was published before
    pick(page, page.api("status")["date"])
    page.wait(lambda: "date=" not in page.script("location.hash"))


def test_a_chosen_period_is_in_the_address(page: Page) -> None:
    page.open()
    for period in ("5y", "90d"):
        Select(page["#period"]).select_by_value(period)
        page.wait(lambda: not page.all("[aria-busy=true]"))
        assert ("period=5y" in page.script("location.hash")) == (period == "5y")


def test_the_page_names_its_revision_and_a_link_cites_it(page: Page) -> None:
    page.open("#base=USD&quote=JPY")
    with urllib.request.urlopen(f"{page.api_url}/latest") as answer:
        revision, day = answer.headers["Revision"], json.loads(answer.read())["date"]
    assert f"revision {revision}" in page["#cite"].text
    cited = f"#base=USD&quote=JPY&date={day}&revision={revision}"
    assert (page["#cite"].get_attribute("href") or "").endswith(cited)
    page.open(cited)
    sent = [urlsplit(url) for url in page.sent() if "/v1" in url or "/v2" in url]
    assert {url.path for url in sent if f"revision={revision}" not in url.query} == {
        urlsplit(page.api_url).path
    }
    assert "revision=" in (page["#rates-csv"].get_attribute("href") or "")
    page["#newest"].send_keys(Keys.ENTER)
    page.wait(lambda: "revision" not in page.script("location.hash") and not page["#cited"].is_displayed())


def test_the_csv_links_hold_the_rates_that_are_shown(page: Page) -> None:
    page.open("#base=CHF&quote=JPY&date=2015-01-15")
    shown = {row[0]: row[1] for row in page.rows()}
    rows = csv_rows(page, "#rates-csv")
    assert {row["quote"]: row["rate"] for row in rows} == shown
    assert {(row["date"], row["base"]) for row in rows} == {("2015-01-15", "CHF")}
    chart = csv_rows(page, "#history-csv")
    assert len(chart) == len((page[".curve"].get_attribute("d") or "").split("L"))
    assert chart[-1] == {"date": "2015-01-15", "base": "CHF", "quote": "JPY", "rate": shown["JPY"]}


def test_each_column_sorts_by_keyboard_in_both_directions(page: Page) -> None:
    page.open()
    for column, key in ((1, "rate"), (2, "change"), (3, "percent"), (0, "code")):
        for press, direction in ((Keys.ENTER, "ascending"), (Keys.SPACE, "descending")):
            page[f"[data-key={key}]"].send_keys(press)
            cells = [row[column] for row in page.rows() if row[column] != UNKNOWN]
            keys = cells if key == "code" else [float(cell) for cell in cells]
            assert keys == sorted(keys, reverse=direction == "descending")
            assert [th.get_attribute("aria-sort") for th in page.all("[aria-sort]")] == [direction]


@pytest.mark.parametrize(("text", "codes"), [("krona", "ISK SEK"), ("zloty", "PLN"), ("uSd", "USD")])
def test_the_filter_finds_codes_and_names_without_accents(page: Page, text: str, codes: str) -> None:
    page.open()
    page["#filter"].send_keys(text)
    assert [row[0] for row in page.rows()] == codes.split()
    assert page["#count"].text.startswith(f"{len(codes.split())} of ")


def test_the_converter_shows_the_digits_of_the_api(page: Page) -> None:
    page.open()
    page["#amount"].send_keys(Keys.CONTROL, "a")
    page["#amount"].send_keys("123456789.01")
    Select(page["#to"]).select_by_value("IDR")
    for base, quote in (("EUR", "IDR"), ("IDR", "EUR")):
        worth = page.api(f"latest?base={base}&symbols={quote}&amount=123456789.01")["rates"][quote]
        page.wait(lambda shown=f"{worth} {quote}": page["output b"].text == shown)  # type: ignore[misc]
        page["#swap"].send_keys(Keys.ENTER)
    Select(page["#to"]).select_by_value("EUR")
    page.wait(lambda: page["output b"].text == "123456789.01 EUR")


def test_the_converter_says_what_the_api_says_of_a_bad_amount(page: Page) -> None:
    page.open()
    page["#amount"].send_keys(",5")
    page.wait(lambda: "an amount is written 1234.56" in str(page["output"].get_property("textContent")))
    assert page["#amount"].get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize(
    ("period", "days", "group", "points"),
    [
        ("30d", 30, "", "publications"),
        ("90d", 90, "", "publications"),
        ("1y", 365, "", "publications"),
        ("5y", 1826, "&group=week", "weekly means"),
        ("all", 36500, "&group=month", "monthly means"),
    ],
)
def test_the_chart_has_each_point_of_its_period_and_says_them_in_words(
    page: Page, period: str, days: int, group: str, points: str
) -> None:
    page.open("#base=USD&quote=JPY" + ("" if period == "90d" else f"&period={period}"))
    start = date.fromisoformat(page.api("latest")["date"]) - timedelta(days=days)
    rates = [day["JPY"] for day in page.api(f"{start}..?base=USD&symbols=JPY{group}")["rates"].values()]
    assert len((page[".curve"].get_attribute("d") or "").split("L")) == len(rates) < 400
    assert [row["rate"] for row in csv_rows(page, "#history-csv")] == rates
    label = page["#chart[role=img]"].get_attribute("aria-label") or ""
    figures = {"Lowest": min(rates, key=float), "Highest": max(rates, key=float), "Latest": rates[-1]}
    assert f"1 USD in JPY, {len(rates)} {points}" in label
    assert [term for term, digits in figures.items() if f"{term}: {digits} on " not in label] == []
    assert ("Mean of" in page["#reading"].text) == bool(group)
    for press, index in ((Keys.ARROW_LEFT, -2), (Keys.HOME, 0), (Keys.ARROW_RIGHT, 1)):
        page["#day"].send_keys(press)
        assert page["#reading b"].text == f"{rates[index]} JPY"


@pytest.mark.parametrize("slash", ["", "/"])
def test_nothing_breaks_the_policy_and_no_request_leaves_the_origin(page: Page, slash: str) -> None:
    request = urllib.request.Request(page.api_url + slash, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page.open(slash)
    Select(page["#base"]).select_by_value("GBP")
    page.wait(lambda: "1 GBP" in page["#reading"].text)
    assert page.log("browser") == []
    hosts = {urlsplit(url).netloc for url in page.sent()}
    assert hosts - {""} == {urlsplit(page.api_url).netloc}  # a data: URL has no host
    for link in page.all("[data-api]"):
        urllib.request.urlopen(link.get_attribute("href") or "").close()  # raises unless it is found


def test_an_api_out_of_reach_is_reported_and_can_be_tried_again(page: Page) -> None:
    page.open()
    page.chrome.execute_cdp_cmd("Network.enable", {})
    page.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*latest*"]})
    Select(page["#base"]).select_by_value("CHF")
    page.wait(lambda: "cannot be reached" in page["[role=alert]"].text)
    assert not page["#rates-csv"].is_displayed()
    page.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    page["#retry"].send_keys(Keys.ENTER)
    page.wait(lambda: page.rows() and not page["#problem"].is_displayed())


def test_the_javascript_of_the_reference_works_from_another_origin(page: Page) -> None:
    (code,) = re.findall("```js\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)
    page.chrome.get(page.api_url.replace("127.0.0.1", "localhost") + "/latest")
    code = code.replace("console.log(", "report([").replace("));", ")]);")
    said = page.chrome.execute_async_script(
        f"const [api, report] = arguments; (async () => {{ {code} }})().catch(report)", page.api_url
    )
    latest = page.api("latest?base=USD&symbols=EUR")
    assert [str(value) for value in said] == [latest["date"], latest["rates"]["EUR"], "1"]


def test_an_impossible_date_offers_no_other_try(page: Page) -> None:
    page.chrome.get("about:blank")
    page.chrome.get(f"{page.api_url}#date=1998-12-31")
    page.wait(lambda: "no publication on or before 1998-12-31" in page["[role=alert]"].text)
    assert not page["#retry"].is_displayed()
    assert not page["#rates-csv"].is_displayed()
    pick(page, "1999-01-04")
    page.wait(lambda: page.rows() and not page["#problem"].is_displayed())


@pytest.mark.parametrize("base", ["EUR", "IDR"])
def test_a_phone_of_320_pixels_scrolls_in_one_direction_only(page: Page, base: str) -> None:
    page.look(width=320)
    page.open(f"#base={base}&quote=USD")
    assert page.script("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme(page: Page, scheme: str) -> None:
    page.look(scheme=scheme)
    page.open()
    colours = page.script("(style => [style.backgroundColor, style.color])(getComputedStyle(document.body))")
    ground, ink = (sum(map(int, colour[4:-1].split(","))) for colour in colours)
    assert ("dark" if ground < ink else "light") == scheme
