"""Mentions of organisations, known and unknown, in nine languages. All sentences are ours."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwire.extract.gazetteer import OrganisationMention, find_organisations, provisional_id
from dealwire.extract.language import load_language
from dealwire.model import LANGUAGES


def mentions(text: str, lang: str = "en", title: str = "–") -> list[OrganisationMention]:
    return find_organisations(f"{title}\n\n{text}", load_language(lang))


def names(text: str, lang: str = "en", title: str = "–") -> list[str]:
    return [mention.name for mention in mentions(text, lang, title)]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "The contract was signed by OpenAI's board and NVIDIA.", ["OpenAI", "Nvidia"]),
        ("en", "Shares of the Facebook owner rose after AWS called.", ["Meta", "Amazon Web Services"]),
        ("fr", "L'accord d'OpenAI avec la maison mère de Facebook.", ["OpenAI", "Meta"]),
        ("fr", "Le ministère des Armées choisit Thales.", ["French Ministry of the Armed Forces", "Thales"]),
        ("de", "Nvidias Partner prüft den OpenAI-Vertrag.", ["Nvidia", "OpenAI"]),
        ("de", "Die Bundesregierung spricht mit der Schwarz-Gruppe.", ["German government", "Schwarz Group"]),
        ("es", "La matriz de Facebook negocia con Iberdrola.", ["Meta", "Iberdrola"]),
        ("it", "Il governo italiano sceglie Leonardo per la difesa.", ["Italian government", "Leonardo"]),
        ("pt", "A dona do ChatGPT fecha com a Casa dos Ventos.", ["OpenAI", "Casa dos Ventos"]),
        ("nl", "De Belastingdienst kiest Googles cloud.", ["Dutch Tax Administration", "Google"]),
        ("ja", "米エヌビディアは6日、ソフトバンクグループと提携した。", ["Nvidia", "SoftBank"]),
        ("zh", "英伟达与月之暗面签署协议。", ["Nvidia", "Moonshot AI"]),
        ("zh", "IREN11月5日宣布与微软签约。", ["IREN", "Microsoft"]),
    ],
)
def test_known_organisations(lang: str, text: str, expected: list[str]) -> None:
    assert names(text, lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "It was bought by Halden Compute, a Norwegian host.", "Halden Compute"),
        ("en", "The start-up Quorvex has raised money.", "Quorvex"),
        ("en", "Terms were agreed with Bank of Velgrade on Friday.", "Bank of Velgrade"),
        ("en", "The buyer is zetaGrid, people said.", "zetaGrid"),
        ("en", "Money came from 1812 Capital and others.", "1812 Capital"),
        ("en", "The park belongs to Casa das Marés in Brazil.", "Casa das Marés"),
        ("fr", "La jeune pousse Quorvex lève des fonds.", "Quorvex"),
        ("fr", "Le fabricant Velmora vend ses puces.", "Velmora"),
        ("de", "Das Start-up Quorvex sammelt Geld ein.", "Quorvex"),
        ("de", "Der Vertrag mit Velmora gilt lange.", "Velmora"),
        ("de", "Die Velmora-Gruppe baut aus.", "Velmora"),
        ("es", "La empresa Velmora compra terrenos.", "Velmora"),
        ("it", "La società Velmora compra terreni.", "Velmora"),
        ("pt", "A empresa Velmora compra terrenos.", "Velmora"),
        ("nl", "Het bedrijf Velmora koopt grond.", "Velmora"),
        ("ja", "ヴェルモラ社は6日、契約を結んだ。", "ヴェルモラ"),
        ("ja", "資金は北浜商事から借り入れる。", "北浜商事"),
        ("zh", "该合同由华睿峰科技签署。", "华睿峰科技"),
    ],
)
def test_unknown_organisations(lang: str, text: str, name: str) -> None:
    found = {mention.name: mention for mention in mentions(text, lang)}
    assert name in found
    assert not found[name].known
    assert found[name].organisation_id == provisional_id(name)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The chief executive, Sarah Okonjo, spoke in Texas on Monday."),
        ("en", "Together they will target new markets. Target dates slipped. Switch off the light."),
        ("en", "Blackwell, Trainium and ChatGPT were shown in January."),
        ("en", "The information was late. The times are hard."),
        ("fr", "Le point est clair. Le temps presse."),
        ("fr", "Le PDG Paul Armand est venu à Lyon en janvier."),
        ("de", "Der Ausbau der Rechenzentren kostet die Betreiber viel Strom und Geld."),
        ("de", "Vorstandschef Karl Brunner sprach am Montag in Hessen."),
        ("es", "El presidente habló en Madrid el lunes."),
        ("nl", "De topman sprak maandag in Amsterdam over stroom."),
        ("ja", "データセンターの電力需要がテキサス州で増えた。"),
        ("zh", "公司表示，数据中心的电力需求同比增长。"),
    ],
)
def test_what_is_no_organisation(lang: str, text: str) -> None:
    assert names(text, lang) == []


def test_a_surname_is_not_the_company_of_that_name() -> None:
    assert "Dell" not in names("The plan came from Michael Dell himself.")
    assert "Dell" in names("The servers come from Dell itself.")


@pytest.mark.parametrize(
    ("text", "is_company"),
    [
        ("The GPUs were rented from Lambda for years.", True),
        ("Lambda functions are short. A lambda is small.", False),
        ("Fermi said the data center in Amarillo will open.", True),
        ("The Fermi paradox is old; so is the particle.", False),
    ],
)
def test_a_common_word_needs_support(text: str, is_company: bool) -> None:
    assert bool({"Lambda", "Fermi America"} & set(names(text))) is is_company


def test_a_short_form_is_the_longer_name_of_the_article() -> None:
    assert set(names("Money came from Spark Capital. Later Spark sold.")) == {"Spark Capital"}
    found = mentions("It chose Zorvane Systems as host. Then Zorvane built it.")
    assert {mention.organisation_id for mention in found} == {provisional_id("Zorvane Systems")}


def test_an_acronym_in_parentheses_is_the_name_before_it() -> None:
    found = mentions("Money came from Halden Data Partners (HDP) on Friday. HDP will add more.")
    assert {mention.organisation_id for mention in found} == {provisional_id("Halden Data Partners")}
    found = mentions("Os Serviços Partilhados da Costa (SPDC) assinaram. A SPDC pagou.", "pt")
    assert len({mention.organisation_id for mention in found}) == 1


def test_an_acronym_that_does_not_fit_stays_itself() -> None:
    found = mentions("Money came from Halden Data Partners (QRX) on Friday.")
    assert len({mention.organisation_id for mention in found}) == 2


def test_a_unit_and_its_parent_stay_apart() -> None:
    assert names("The deal of Bell AI Fabric pleases Bell.") == ["Bell AI Fabric", "Bell Canada"]


def test_a_han_spelling_is_not_cut_from_a_word() -> None:
    assert "Sophgo" not in names("計算能力を提供する。", "ja")
    assert "Sophgo" in names("算能发布芯片。", "zh")


def test_a_headline_in_title_case_needs_the_body() -> None:
    found = names("The host Quorvex signs a lease.", title="Quorvex Signs Long Lease With Power Supplier")
    assert found == ["Quorvex", "Quorvex"]


def test_offsets_reproduce_the_text() -> None:
    body = "Nebius signs\n\nNebius Group N.V. will supply Halden Compute and 1812 Capital."
    for mention in find_organisations(body, load_language("en")):
        assert body[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "It rents 10,000 Nvidia GPUs."),
        ("en", "It rents Nvidia H100 chips."),
        ("fr", "Elle loue des puces Nvidia."),
        ("fr", "Elle loue des puces de Nvidia."),
        ("de", "Sie mietet Nvidia-Chips."),
        ("es", "Alquila chips de Nvidia."),
        ("ja", "エヌビディア製GPUを使う。"),
        ("zh", "采用英伟达芯片。"),
    ],
)
def test_a_maker_that_only_qualifies_the_product(lang: str, text: str) -> None:
    assert [mention.modifier for mention in mentions(text, lang) if mention.name == "Nvidia"] == [True]


def test_a_party_is_no_modifier() -> None:
    assert not any(mention.modifier for mention in mentions("Nvidia will invest in the firm, said OpenAI."))


def test_backers_and_sources() -> None:
    found = {mention.name: mention for mention in mentions("The Microsoft-backed firm signed, people told Reuters.")}
    assert found["Microsoft"].backed
    assert found["Reuters"].media_attribution
    found = {mention.name: mention for mention in mentions("Selon Les Echos, Velmora est soutenue par Orange.", "fr")}
    assert found["Les Echos"].media_attribution
    assert found["Orange"].backed


@pytest.mark.parametrize("lang", ["en", "de", "ja", "zh"])
@pytest.mark.parametrize(
    "unit",
    ["A ", "Nvidia ", "Foo of ", "1 ", "アンペア", "月之暗面阿里", "İ", "$", "A-", "A. ", "Xa9 , ", "\n\nÉtat d’"],
)
def test_hostile_text_costs_linear_time(lang: str, unit: str) -> None:
    body = unit * (100_000 // len(unit))
    find_organisations("warm\n\nup", load_language(lang))
    started = time.process_time()
    find_organisations(body, load_language(lang))
    assert time.process_time() - started < 1.0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_gives_ordered_mentions_without_overlap(text: str, lang: str) -> None:
    found = find_organisations(text, load_language(lang))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
