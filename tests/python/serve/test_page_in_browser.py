"""The page in Chromium: what people do on it, by mouse, by keys and without scripts."""

from contextlib import contextmanager
from threading import Thread

import pytest
from browser import violations
from made_service import publish_service, title_of
from playwright.sync_api import expect
from werkzeug.serving import WSGIRequestHandler, make_server

from cinespark.serve.app import Settings, create_app
from cinespark.serve.tokens import create_token, revoke_token

FIRST = ".films .film .title a"


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *args):
        pass


@contextmanager
def serving(folder, **more):
    """Serve the versions of a folder, and give its address."""
    shared = folder / "shared"
    shared.mkdir()
    settings = Settings(
        folder / "exports", folder / "serve", shared, folder / "incoming", **more
    )
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["cinespark"].close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return the address of an open service."""
    folder = tmp_path_factory.mktemp("open")
    publish_service(folder / "exports")
    report = folder / "report.html"
    report.write_text(
        "<!doctype html><html lang=en><title>charts</title><h1>charts</h1>"
        "<script>document.title += ` ${origin}`</script>"
    )
    with serving(folder, report=report) as found:
        yield found


@pytest.fixture
def visit(chromium):
    """Give a function that opens an address, and hands over what it complained of."""
    contexts = []

    def open_page(address, width=1280, scheme="light", **more):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        complaints = []
        page.on("console", lambda one: complaints.append(one.text))
        page.on("pageerror", lambda one: complaints.append(str(one)))
        page.goto(address)
        return page, complaints

    yield open_page
    for context in contexts:
        context.close()


def titles(page, within="#list"):
    return page.locator(f"{within} {FIRST}").all_inner_texts()


def star(page, movie, value):
    """Return the control that rates a movie."""
    return page.locator(f"input[name='rate:{movie}'][value='{value}']")


def choices(page):
    """Return the movies that the page asks about."""
    fields = page.locator("#choices input[value='']").all()
    return [int(one.get_attribute("name").removeprefix("rate:")) for one in fields]


def rate(page, movie, value):
    """Rate a movie, and wait for the list that follows."""
    before = page.locator("#list").element_handle()
    # no check(): it would look for the star in what follows
    star(page, movie, value).click()
    before.wait_for_element_state("hidden")
    expect(page.locator("#said")).to_contain_text("places")


LOOKS = [(1280, "light"), (390, "dark")]
NARROWEST = 320  # that nobody has to scroll sideways


def broken_in_any_look(page, axe):
    """Return what breaks rules, by width and scheme, and which width it overflows."""
    found = {}
    for width, scheme in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        if broken := violations(page, axe):
            found[width, scheme] = broken
    for width in (*(one for one, _ in LOOKS), NARROWEST):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[width] = "too wide"
    return found


def test_every_page_keeps_the_rules_of_accessibility(visit, axe, address):
    page, complaints = visit(f"{address}/you")
    rate(page, choices(page)[0], 5)
    assert broken_in_any_look(page, axe) == {}
    paths = ["/", "/users", "/users?live=1&id=1", "/users/7", "/movies"]
    paths += ["/movies?search=film", "/movies/100", "/sign-in", "/docs"]
    for path in paths:
        page.goto(address + path)
        if path == "/users/7":
            page.locator(".why summary").first.click()
        if path == "/docs":
            page.locator(".opblock").first.wait_for()
        assert broken_in_any_look(page, axe) == {}, path
    assert complaints == []
    page.goto(f"{address}/movies/999")
    assert broken_in_any_look(page, axe) == {}
    assert len(complaints) == 1  # Chromium's own word on the status
    assert "404" in complaints[0]


def test_a_title_is_found_while_it_is_typed_and_leads_to_similar_ones(visit, address):
    page, complaints = visit(f"{address}/")
    page.get_by_label("Search a title").fill("film")
    page.keyboard.press("Enter")
    page.wait_for_url("**/movies?search=film")
    with page.expect_response("**/movies?*live=1*"):
        page.get_by_label("Words of a title").fill("film 100")
    page.get_by_text("1 movie found for “film 100”").wait_for()
    assert page.url.endswith("/movies?search=film+100")
    page.get_by_role("link", name="Film 100").click()
    page.get_by_role("heading", level=1, name="Film 100").wait_for()
    assert titles(page, "main") == [title_of(103), title_of(101)]
    page.go_back()
    assert page.get_by_label("Words of a title").input_value() == "film 100"
    assert complaints == []


def test_a_user_is_picked_and_the_list_filtered_in_place(visit, address):
    page, complaints = visit(f"{address}/")
    page.get_by_label("User id, or how it begins").fill("7")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("heading", name="For user 7").wait_for()
    all_of_them = titles(page)
    assert len(all_of_them) > 5
    with page.expect_response("**/users/7?*"):
        page.get_by_label("Genre").select_option("War")
    page.wait_for_url("**/users/7?genre=War&n=10")
    assert 0 < len(titles(page)) <= 10
    assert set(titles(page)) != set(all_of_them)
    reason = page.locator(".why summary").first
    assert reason.inner_text().startswith("Because you rated Film")
    reason.click()
    assert page.get_by_text("the same for everybody").first.is_visible()
    assert complaints == []


def test_a_new_person_rates_and_the_list_changes_at_once(visit, address):
    page, complaints = visit(f"{address}/you")
    assert titles(page) == []
    asked = choices(page)
    rate(page, asked[0], 5)
    first = titles(page)
    assert len(first) == 10
    rate(page, asked[1], 1)
    rate(page, asked[2], 5)
    second = titles(page)
    assert second != first
    assert not {title_of(movie) for movie in asked[:3]} & {*second}
    assert page.locator("#tally").inner_text().startswith("3")
    page.goto(f"{address}/movies")
    page.goto(f"{address}/you")  # what was rated is kept
    assert titles(page) == second
    assert star(page, asked[2], 5).is_checked()
    for movie in asked[1:3]:
        name = f"Take back {title_of(movie)}"
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name=name, exact=True).wait_for(state="detached")
    assert titles(page) == first
    assert star(page, asked[2], "").is_checked()
    assert complaints == []


def test_without_scripts_all_of_it_works_by_forms(visit, address):
    page, _ = visit(f"{address}/you", java_script_enabled=False)
    page.locator("#choices fieldset").nth(0).get_by_label("5", exact=True).check()
    page.locator("#choices fieldset").nth(1).get_by_label("2", exact=True).check()
    page.get_by_role("button", name="Show my list").click()
    page.wait_for_url("**/you#list")
    before = titles(page)
    assert len(before) == 10
    page.get_by_role("button", name="Take back").first.click()
    assert titles(page) != before
    page.get_by_label("Or search for one").fill("film 11")
    page.locator(".choices").get_by_role("button", name="Search").click()
    assert page.locator(".torate h3").count() == 10  # 110 to 119
    page.goto(f"{address}/movies/100")
    page.get_by_label("4", exact=True).check()
    page.get_by_role("button", name="Add to what you rated").click()
    page.wait_for_url("**/you#list")
    assert "Film 100" in page.locator(".given").inner_text()
    page.goto(f"{address}/users/7")
    page.get_by_label("From year").fill("1990")
    page.get_by_role("button", name="Show").click()
    years = page.locator("#list .year").all_inner_texts()
    assert years
    assert all(int(year) >= 1990 for year in years)


REACHABLE = """
() => {
  const shown = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, summary')]
    .filter(one => one.checkVisibility() && !one.hidden);
  const reached = shown.filter(one => one.type != 'radio' || one.checked);
  reached.forEach((one, place) => { one.dataset.place = place; });
  return reached.length;
}
"""
FOCUSED = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const mark = one.closest('.rate label') || one;
  const style = getComputedStyle(mark), box = mark.getBoundingClientRect();
  return {
    place: one.dataset.place,
    shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    size: Math.min(box.width, box.height),
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}
"""


@pytest.mark.parametrize("path", ["/", "/users/7", "/you", "/movies/100", "/sign-in"])
def test_keys_reach_everything_and_the_focus_is_seen(visit, address, path):
    page, _ = visit(address + path)
    count = page.evaluate(REACHABLE)
    reached = []
    for _ in range(count + 5):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            break
        assert found["shown"], found
        assert found["inside"], found
        assert found["size"] >= 16, found
        reached.append(int(found["place"]))
    assert reached == list(range(count))  # in the order in which they are read


def test_by_keys_alone_a_movie_is_rated(visit, address):
    page, _ = visit(f"{address}/you")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the content
    for _ in range(3):  # the search, its button, the first movie
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.locator("#list .film").first.wait_for()
    assert page.evaluate("document.activeElement.value") == "4"
    expect(page.locator(".given b")).to_contain_text("4")


def test_one_signs_in_with_a_token_until_it_is_revoked(visit, axe, tmp_path):
    publish_service(tmp_path / "exports")
    token = create_token(tmp_path / "serve", "phone", ["read"])
    with serving(tmp_path) as address:
        page, complaints = visit(f"{address}/users/7?n=20")
        page.get_by_role("heading", name="Sign in").wait_for()
        assert violations(page, axe) == []
        page.get_by_label("Token").fill("cs_wrong")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("There is no such token").wait_for()
        assert violations(page, axe) == []
        assert "401" in complaints.pop()  # Chromium's own word on the status
        page.get_by_label("Token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/users/7?n=20")
        assert page.evaluate("document.cookie") == ""
        page.goto(f"{address}/you")
        rate(page, choices(page)[0], 5)
        assert len(titles(page)) == 10
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()
        page.get_by_label("Token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", level=1, name="The next movie").wait_for()
        page.goto(f"{address}/you")
        create_token(tmp_path / "serve", "other", ["read"])
        revoke_token(tmp_path / "serve", "phone")
        star(page, choices(page)[1], 4).click()
        page.get_by_role("heading", name="Sign in").wait_for()
        assert complaints == []


def test_a_form_of_another_page_changes_nothing(visit, address):
    page, _ = visit(f"{address}/you")
    rate(page, choices(page)[0], 5)
    page.goto("about:blank")
    page.set_content(
        f"<form method=post action='{address}/you'>"
        "<input name='rate:102' value=5><button>Win</button></form>"
    )
    with page.expect_response(f"{address}/you") as answered:
        page.get_by_role("button").click()
    assert answered.value.status == 403
    page.goto(f"{address}/you")
    assert page.locator(".given li").count() == 1


def test_the_description_is_drawn_and_tried_from_files_here(visit, address):
    page, complaints = visit(f"{address}/docs")
    page.get_by_role("button", name="GET /api/v1/version").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table").get_by_text("200").first.wait_for()
    asked = page.evaluate(
        "performance.getEntriesByType('resource').map(one => one.name)"
    )
    assert all(one.startswith((address, "data:")) for one in asked), asked
    assert complaints == []


def test_scripts_of_the_report_run_apart_from_the_service(visit, address):
    page, complaints = visit(f"{address}/report")
    assert page.title() == "charts null"  # an origin of its own
    assert complaints == []
