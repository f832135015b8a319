import json
import re
from dataclasses import replace
from uuid import UUID

import pytest
from pymisp import MISPEvent

from serving.store.formats.misp import MISP

ADDRESS = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
TEXT = (
    "Waiters wanted. Call +1 202-555-0162, write to anna@demo-jobs.com or t.me/demo_anna, see "
    f"https://www.demo-jobs.com/apply. Deposit to {ADDRESS}"
)
#: What MISP keeps for each part of an event (its core format, sections 2.2 to 2.4 and 2.7).
EVENT = {"uuid", "info", "date", "timestamp", "threat_level_id", "analysis", "distribution"}
OBJECT = {"uuid", "name", "meta-category", "description", "template_uuid", "template_version"}
ATTRIBUTE = {"uuid", "type", "category", "to_ids", "distribution", "value", "object_relation"}


def export(*rows):
    return json.loads(b"".join(MISP.write(iter(rows))))["response"]


@pytest.fixture
def event(row):
    """An export of two ads, as it is written."""
    [made] = export(row(TEXT, number=2), row(TEXT, choice="deceptive"))
    return made["Event"]


def test_pymisp_reads_all_of_it(event):
    read = MISPEvent()
    read.load(json.dumps({"Event": event}))
    assert [len(each.attributes) for each in read.objects] == [9, 9]
    known = read.describe_types["category_type_mappings"]
    for each in read.objects:
        assert [a.type for a in each.attributes if a.type not in known[a.category]] == []
    again = json.loads(read.to_json())
    assert [each["uuid"] for each in again["Object"]] == [each["uuid"] for each in event["Object"]]


def test_every_part_has_what_the_format_asks_for(event):
    attributes = [each for made in event["Object"] for each in made["Attribute"]]
    assert event.keys() >= EVENT
    assert all(each.keys() >= OBJECT for each in event["Object"])
    assert all(each.keys() >= ATTRIBUTE for each in attributes)
    told = [event, *event["Object"], *attributes]
    assert len({each["uuid"] for each in told}) == len(told)
    assert {UUID(each["uuid"]).version for each in told} == {4, 5}  # MISP refuses later ones
    assert all(isinstance(each["value"], str) for each in attributes)
    assert re.fullmatch(r"\d{10}", event["timestamp"])


def test_contacts_have_the_types_of_misp(event):
    told = {each["object_relation"]: each for each in event["Object"][0]["Attribute"]}
    assert {name: (each["type"], each["value"]) for name, each in told.items()} == {
        "text": ("text", TEXT),
        "sha256": ("sha256", "0" * 64),
        "risk": ("float", "0.750"),
        "source": ("text", "board"),
        "phone": ("phone-number", "+12025550162"),
        "mail": ("email", "anna@demo-jobs.com"),
        "telegram": ("text", "demo_anna"),
        "link": ("domain", "demo-jobs.com"),
        "bitcoin": ("btc", ADDRESS),
    }


def test_it_stays_in_the_house_and_feeds_no_detection(event):
    assert (event["distribution"], event["published"]) == ("0", False)
    assert {each["name"] for each in event["Tag"]} == {"tlp:amber+strict"}
    assert {each["to_ids"] for made in event["Object"] for each in made["Attribute"]} == {False}
    assert {made["distribution"] for made in event["Object"]} == {"5"}


def test_tags_tell_band_signs_and_verdict(event):
    first, second = (
        [tag["name"] for tag in made["Attribute"][0]["Tag"]] for made in event["Object"]
    )
    assert first == ['lurewatch:band="review"', 'lurewatch:indicator="document_retention"']
    assert second[1] == 'lurewatch:verdict="deceptive"'


@pytest.mark.parametrize(
    ("choices", "left"),
    [((), 0), (("legitimate",), 0), (("legitimate", "unsure", "deceptive"), 2), ((None,), 1)],
    ids=str,
)
def test_honest_ads_are_left_out(row, choices, left):
    rows = (row(number=n, **({"choice": c} if c else {})) for n, c in enumerate(choices, 1))
    assert sum(len(each["Event"]["Object"]) for each in export(*rows)) == left


def test_each_campaign_is_an_event_that_a_later_export_brings_up_to_date(row):
    def named(number, campaign):
        ad, decision = row(TEXT, number=number)
        return replace(ad, campaign=campaign), decision

    rows = [named(5, "a"), named(4, None), named(3, "b"), named(2, "a"), named(1, None)]
    first, later = export(*rows), export(*rows[1:])
    told = [[each["comment"][-1] for each in made["Event"]["Object"]] for made in first]
    assert told == [["5", "2"], ["4", "1"], ["3"]]
    of = [
        {made["Event"]["info"]: made["Event"]["uuid"] for made in each} for each in (first, later)
    ]
    same = {info for info, uuid in of[0].items() if of[1][info] == uuid}
    assert same == {info for info in of[0] if "of the campaign" in info}
    objects = [
        {each["comment"]: each["uuid"] for made in events for each in made["Event"]["Object"]}
        for events in (first, later)
    ]
    assert objects[0]["Lurewatch " + rows[3][0].id] == objects[1]["Lurewatch " + rows[3][0].id]
