"""From the click to "online": written once, seen on the own page and on Threads within seconds."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path

import httpx
from PIL import Image

from tests.system import System, token_of, until, words_of

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"')
ROADWORKS = (
    "Die Saarstraße ist ab Montag, 30. November, 7 Uhr, voll gesperrt. Grund ist ein Schaden an der Wasserleitung."
)


def test_the_start_says_what_takes_long_and_prints_the_addresses_and_the_demo_logins(city: System) -> None:
    terminal = city.data.parent / "terminal.log"
    until(lambda: "Beenden mit Strg-C." in terminal.read_text(), what="the greeting")
    said = terminal.read_text()
    for words in ("PostgreSQL wird eingerichtet …", city.public, city.desk, f"{city.standin}/@stadt_trier"):
        assert words in said
    for name in ("amira", "bernd", "clara", "emil"):
        assert re.search(rf"{name} +{re.escape(city.password(name))}\n", said)


def test_a_post_from_the_command_line_is_seen_everywhere(city: System) -> None:
    told = city.post(ROADWORKS, "--wait")
    assert [each["state"] for each in told["deliveries"]] == ["online", "online"]
    for each in told["deliveries"]:
        assert "Saarstraße" in city.page(each["url"])
        assert each["seconds"] < 10
    assert city.timeline().count(ROADWORKS) == 1


def test_the_own_page_is_begun_before_its_copies(city: System) -> None:
    address = city.post("Erst im Rathaus, dann überall.", "--wait")["id"]
    begun = f"""from ausrufer.deliveries.models import Delivery
rows = Delivery.objects.filter(release__post__address={address!r}).order_by("started_at")
print(*rows.values_list("channel__key", flat=True), rows[0].started_at < rows[1].started_at)"""
    assert city.python(begun) == "website threads True"  # claimed for itself: the address in a copy leads somewhere


def test_amira_publishes_at_the_desk_and_watches_the_board_fill(city: System) -> None:
    text = "Das Bürgeramt am Viehmarkt öffnet am Donnerstag erst um 10 Uhr. Ausweise gibt es wie gewohnt bis 18 Uhr."
    with closing(city.logged_in("amira")) as browser:
        page = browser.get("/schreiben")
        address = page.url.path.split("/")[2]
        written = {**filled(page.text, text), **token_of(browser)}
        seen = browser.post(page.url, data=written)  # the preview now shows what will be sent
        form = {**written, **dict(HIDDEN.findall(seen.text)), **token_of(browser)}
        answer = browser.post(f"/beitrag/{address}/veroeffentlichen", data=form)
        assert answer.url.path == f"/beitrag/{address}/zustellung", words_of(answer.text)
        until(lambda: "2 von 2" in city.board(address), what="both channels online on the board")
        board = city.board(address)
    assert "öffentliche Seite gesehen" in board
    assert "von der Schnittstelle bestätigt" in board
    assert "Viehmarkt" in city.page(f"{city.public}/b/{address}")


def test_citizens_find_the_post_on_timeline_topic_and_feeds(city: System) -> None:
    told = city.post("Noch sechs Plätze: Töpfern für Anfänger an der Volkshochschule.", "--wait", topic="events")
    path = f"/b/{told['id']}"
    for place in ("/", "/thema/events", "/feed.atom", "/feed.json", "/thema/events/feed.atom"):
        assert path in city.page(city.public + place), place
    assert f"b/{told['id']}/index.html" in json.loads(city.page(f"{city.public}/manifest.json"))["files"]


def test_a_picture_is_fetched_by_threads_from_the_own_pages(city: System, tmp_path: Path) -> None:
    Image.new("RGB", (2000, 1200), "teal").save(tmp_path / "plan.jpg")
    alt = "Umleitungsplan: Die Saarstraße ist gesperrt."
    told = city.post("Umleitung an der Saarstraße.", "--image", str(tmp_path / "plan.jpg"), "--alt", alt, "--wait")
    assert {each["state"] for each in told["deliveries"]} == {"online"}
    shown = httpx.get(f"{city.standin}/_sim/state").json()["posts"][-1]
    assert shown["images"][0]["alt"] == alt
    assert shown["images"][0]["url"].startswith(f"{city.public}/media/")
    assert f'alt="{alt}"' in city.page(told["url"])


def test_the_own_page_names_the_copy_once_it_was_seen(city: System) -> None:
    told = city.post("Der Stadtrat hat den Ausbau des Radwegs beschlossen.", "--wait", topic="council")
    copy = next(each["url"] for each in told["deliveries"] if each["channel"] == "threads")
    until(lambda: copy in city.page(told["url"]), what="the link to the copy")


def test_a_program_is_told_one_object_and_by_its_status_that_all_are_online(city: System) -> None:
    done = city.command("post", "Für ein Programm.", "--topic", "council", "--wait", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, list(told)) == (0, ["id", "url", "deliveries"])
    assert told["url"] == f"{city.public}/b/{told['id']}"
    for each in told["deliveries"]:
        assert list(each) == ["channel", "state", "seconds", "url"]
        assert isinstance(each["seconds"], float)


def test_a_program_is_told_by_its_status_that_one_channel_failed(city: System) -> None:
    city.fault("too_long", match="any_act", count=None)
    done = city.command("post", "Nicht überall.", "--topic", "council", "--wait", "--json")
    website, threads = json.loads(done.stdout)["deliveries"]
    assert (done.returncode, website["state"]) == (1, "online")
    assert threads == {"channel": "threads", "state": "failed", "seconds": None, "url": None}


def test_a_channel_can_be_left_out_but_never_the_website(city: System) -> None:
    told = city.post("Nur auf unseren Seiten.", "--channel", "website", "--wait")
    assert [each["channel"] for each in told["deliveries"]] == ["website"]
    told = city.post("Auch auf unseren Seiten.", "--channel", "threads", "--wait")
    assert [each["channel"] for each in told["deliveries"]] == ["website", "threads"]


def test_wrong_input_names_the_field_and_the_remedy_and_saves_nothing(city: System) -> None:
    wrong = {
        ("post", "Text", "--topic", "wetter"): "--topic: Das Thema wetter gibt es nicht. Es gibt: council",
        ("post", "Text", "--topic", "jobs", "--channel", "x"): "--channel: x gibt es nicht. Es gibt: website, threads",
        (
            "post",
            "Text",
            "--topic",
            "jobs",
            "--image",
            "/fehlt.jpg",
            "--alt",
            "Bild",
        ): "--image: /fehlt.jpg ist nicht lesbar",
        ("post", "Text", "--topic", "jobs", "--image", "/fehlt.jpg"): "--alt: Jedes --image braucht",
        ("post", " ", "--topic", "jobs"): "Der Text fehlt.",
        ("post", "Text", "--topic", "jobs", "--as", "niemand"): "--as: Es gibt niemanden",
        ("post", "Text", "--topic", "jobs", "--as", "bernd"): "Pressestelle",
        ("post", "Text", "--topic", "jobs", "--as", ""): "--as: Es gibt niemanden",  # an unset variable of a script
        ("post", "Text", "--topic", "jobs", "--at", ""): "--at:  ist keine Zeit",
        ("post", "Text", "--topic", "jobs", "--at", "morgen"): "--at: morgen ist keine Zeit",
        ("post", "Text", "--topic", "jobs", "--at", "2020-01-01T08:00"): "--at: 2020-01-01T08:00 ist schon vorbei",
        ("post", "Text", "--topic", "jobs", "--at", "9999-12-31T23:59-14:00"): "mehr als fünf Jahre voraus",
        ("post", "Text \udcff", "--topic", "jobs"): "TEXT: Das ist kein UTF-8.",
        ("post", "Text", "--topic", "\udcff"): "--topic: Das ist kein UTF-8.",
        ("post", "Text " * 5000, "--topic", "jobs"): "Der Text ist länger als 20.000 Zeichen.",
    }
    count = "from ausrufer.posts.models import Post; print(Post.objects.count())"
    before = city.python(count)
    for words, sentence in wrong.items():
        done = city.command(*words)
        assert done.returncode == 2, words
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
    assert city.python(count) == before


def test_check_says_in_plain_words_that_all_is_well(city: System) -> None:
    done = city.command("check")
    assert done.returncode == 0, done.stdout
    assert "✓ Datenbank antwortet." in done.stdout
    assert "✓ dispatcher arbeitet." in done.stdout
    assert "✗" not in done.stdout


def test_a_second_start_says_that_it_runs_already(city: System) -> None:
    done = city.command("run")
    assert done.returncode == 1
    assert f"läuft mit diesem Datenordner schon: {city.public}" in done.stderr


def test_a_port_in_use_is_said_before_anything_starts(city: System, tmp_path: Path) -> None:
    done = city.command("run", "--data", str(tmp_path / "other"))
    assert done.returncode == 1
    assert f"Port {city.port}" in done.stderr
    assert not (tmp_path / "other" / "postgres").exists()


def filled(page: str, text: str) -> dict[str, str | list[str]]:
    """The compose form as a browser would send it, with a text and a topic."""
    hidden = dict(HIDDEN.findall(page))
    channels = re.findall(r'name="channels" value="([^"]+)"', page)
    topic = re.findall(r'<option value="(\d+)">Öffnungszeiten', page)[0]
    return {**hidden, "text": text, "topic": topic, "channels": channels, "when": "now", "language": "de"}


def test_a_post_is_in_the_archive_of_its_month_within_seconds(city: System) -> None:
    path = f"/b/{city.post('Die Stadtbibliothek hat am Samstag geschlossen.', '--wait')['id']}"

    def is_there() -> bool:
        months = re.findall(r'href="(/archiv/[\d-]+)"', city.page(f"{city.public}/archiv"))
        return any(path in city.page(city.public + month) for month in months)

    until(is_there, within=20, what="the post in its month")
