"""Stories that never happened, in six languages, for the page layouts. Title, paragraphs, writers, and when."""

# ruff: noqa: E501 - prose and markup of pages are not broken into lines
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Story:
    """`published` is the moment on the page; `text` is what a reader should find as the article."""

    language: str
    title: str
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...]
    published: datetime

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def lead(self) -> str:
        return self.paragraphs[0]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


ENGLISH = Story(
    "en",
    "Pellmore Compute to rent 300 megawatts from Tarn Valley Power for nine years",
    (
        "NORTH HOLM - Pellmore Compute has agreed to rent 300 megawatts of data centre capacity from Tarn Valley Power in "
        "a nine-year contract worth about $4.1 billion, the two companies said on Tuesday.",
        "The first hall, on the site of a disused paper mill, is to be handed over next spring. Two more will follow at "
        "intervals of eight months, each with its own substation.",
        "“We looked at eleven valleys and this one had the water, the wires and the neighbours,” said Odile Marrant, who "
        "runs infrastructure at Pellmore. She declined to name the customer for whom the machines are meant.",
        "Tarn Valley Power will pay for buildings and cooling, while Pellmore brings the accelerators. A bank loan of $900 "
        "million covers the first stage, according to a filing.",
        "Analysts at Quill & Harrow called the price “on the high side of fair” and pointed out that grid fees in the region "
        "rose by a fifth in the past year.",
        "The council approved the plan by nine votes to four after a night of questions about noise. Pumps may run at full "
        "speed only between seven in the morning and ten at night.",
        "Pellmore, founded by three former weather forecasters, now has commitments for 1.2 gigawatts across five countries. "
        "It said it expects to be profitable once half of that is switched on.",
        "Shares in Tarn Valley Power rose 6% in early trading before giving back some of the gain.",
    ),
    ("Ruth Calloway", "Ben Osei"),
    _at("2025-11-04T14:05:00+00:00"),
)
BRIEF = Story(
    "en",
    "Glasshouse Robotics raises $85 million to teach machines to prune",
    (
        "Glasshouse Robotics, a maker of machines that prune fruit trees, has raised $85 million in a round led by Fennel "
        "Ventures, valuing the company at $640 million.",
        "The money will go into a second factory and into a model that recognises diseased branches from a single picture. "
        "So far the machines need about forty.",
        "Orchards in nine countries have ordered 1,300 of the machines, which are leased by the season rather than sold.",
        "Existing investors Copper Lane and the Hollis family took part, the company said, adding that it had turned away "
        "offers for twice the amount.",
        "A first machine for vineyards is planned for the end of next year.",
    ),
    ("Ivo Stanhope",),
    _at("2025-09-18T06:30:00+00:00"),
)
RELEASE = Story(
    "en",
    "Corvane Systems and Ostrelle Cloud Announce Multi-Year Agreement for Accelerated Computing Capacity",
    (
        "MARLOW BAY, Nov. 6, 2025 /Example Wire/ -- Corvane Systems, a provider of design software for turbines, and Ostrelle "
        "Cloud today announced a multi-year agreement under which Ostrelle will supply Corvane with 24,000 accelerators.",
        "The agreement has a total value of approximately $720 million over five years and includes an option for a further "
        "8,000 accelerators from the second year onwards.",
        "“Our engineers simulate a decade of wind in one night,” said Lena Quist, chief executive of Corvane Systems. “With "
        "Ostrelle they will simulate it before lunch.”",
        "Ostrelle will run the machines in its Harrow Point campus, which is supplied by two hydroelectric plants and "
        "returns its waste heat to a municipal swimming pool.",
        "The first systems are expected to be available to Corvane in the first quarter of 2026, subject to customary "
        "conditions.",
        "About Corvane Systems. Corvane Systems develops simulation software used by makers of turbines, pumps and sails in "
        "more than forty countries. It employs 1,900 people.",
    ),
    (),
    _at("2025-11-06T13:00:00+00:00"),
)
FRENCH = Story(
    "fr",
    "Lumivaire lève 120 millions d’euros pour bâtir un centre de calcul près de Rochebelle",
    (
        "La jeune pousse Lumivaire annonce une levée de fonds de 120 millions d’euros menée par le fonds Arceau, avec "
        "l’appui de la région et de deux familles d’industriels.",
        "L’argent doit financer un premier bâtiment de 40 mégawatts dans une ancienne verrerie. Les travaux commencent en "
        "janvier et doivent durer quatorze mois.",
        "« Nous voulons que les chercheurs d’ici n’aient plus à attendre six semaines pour un calcul », explique Capucine "
        "Loriot, cofondatrice, qui dirigeait auparavant un service de météorologie.",
        "Le contrat d’électricité, conclu pour douze ans avec une coopérative de barrages, fixe un prix qui n’a pas été "
        "rendu public. Selon un proche du dossier, il serait inférieur de 15 % à celui du marché.",
        "Trois clients ont déjà réservé un tiers de la capacité. Parmi eux figure un fabricant de prothèses, qui entraîne "
        "ses modèles sur des millions de pas enregistrés.",
        "La mairie a posé une condition : la chaleur des machines devra chauffer le lycée et la piscine, gratuitement "
        "pendant cinq ans.",
        "Lumivaire prévoit d’employer une soixantaine de personnes sur le site, dont vingt apprentis.",
    ),
    ("Héloïse Vasseur",),
    _at("2025-10-14T16:42:00+00:00"),
)
GERMAN = Story(
    "de",
    "Nordwerk übernimmt den Kühltechniker Eisblum für 310 Millionen Euro",
    (
        "Der Rechenzentrumsbauer Nordwerk kauft die Firma Eisblum, die Kühlanlagen für Hochleistungsrechner herstellt. Der "
        "Preis liegt bei 310 Millionen Euro, wie beide Unternehmen am Mittwoch mitteilten.",
        "Eisblum beschäftigt 420 Menschen an zwei Standorten und hat im vergangenen Jahr 95 Millionen Euro umgesetzt. Die "
        "Gründerfamilie bleibt mit zehn Prozent beteiligt.",
        "„Ohne gute Kühlung bleibt jeder Beschleuniger eine teure Heizung“, sagte Nordwerk-Chefin Wiebke Harms. Man habe "
        "zwei Jahre lang vergeblich versucht, eine eigene Anlage zu entwickeln.",
        "Die Kartellbehörden müssen noch zustimmen. Nordwerk rechnet mit einem Abschluss im ersten Quartal, Einwände seien "
        "nicht zu erwarten.",
        "Finanziert wird der Kauf zur Hälfte aus eigenen Mitteln, zur Hälfte über einen Kredit der Landesbank, der über "
        "sieben Jahre läuft.",
        "An der Börse kam die Nachricht gut an: Die Aktie gewann vier Prozent. Händler verwiesen auf den vollen Auftragsbestand "
        "von Eisblum, der bis in das übernächste Jahr reicht.",
    ),
    ("Jorinde Feldmann",),
    _at("2025-10-29T07:15:00+00:00"),
)
JAPANESE = Story(
    "ja",
    "霧島計算、北浜電力と120メガワットの長期契約を締結",
    (
        "霧島計算は5日、北浜電力から120メガワットの電力を15年間にわたって購入する契約を結んだと発表した。契約の総額は約900億円とみられる。",
        "電力は同社が港の近くに建設するデータセンターで使う。第1棟は2027年春に稼働し、画像処理半導体をおよそ2万個設置する計画だ。",
        "霧島計算の月岡社長は「安定した電気がなければ計算はできない。地元と長く付き合える契約になった」と話した。",
        "北浜電力は契約に合わせて送電線を新設し、その費用の半分を霧島計算が負担する。工事は来年の夏に始まる。",
        "両社は、サーバーの排熱を近くの温室で使う実験も始める。農協が協力し、冬でもトマトを育てられるようにするという。",
        "アナリストは、同様の契約が今後も増えるとみている。電力の確保が計算会社の成長を左右するためだ。",
    ),
    (),
    _at("2025-11-05T02:30:00+00:00"),
)
CHINESE = Story(
    "zh",
    "星湾智算完成12亿元融资，将在青溪建设算力中心",
    (
        "星湾智算11月3日宣布完成12亿元人民币的新一轮融资，由长岸资本领投，两家地方产业基金跟投，投后估值约80亿元。",
        "公司表示，资金将主要用于在青溪县建设一座算力中心，一期规划部署1万张加速卡，预计明年第三季度投入使用。",
        "创始人沈一舟说：“客户最关心的不是卡有多少，而是排队要等多久。我们的目标是让任何任务在十分钟内开始运行。”",
        "青溪县将为项目提供水电配套，并把服务器产生的余热接入县城的供暖管网，预计可以满足三千户居民的需要。",
        "星湾智算成立于2021年，目前服务两百多家企业，去年营业收入为4.6亿元，尚未实现盈利。",
        "长岸资本合伙人表示，算力租赁市场的竞争正在加剧，能够拿到长期电力合同的公司会更有优势。",
    ),
    ("林晚",),
    _at("2025-11-03T01:20:00+00:00"),
)
SPANISH = Story(
    "es",
    "Solanera firma con Rioalto el suministro de 200 megavatios solares durante doce años",
    (
        "La operadora de centros de datos Rioalto ha firmado con Solanera un contrato de compra de energía solar de 200 "
        "megavatios para los próximos doce años, según informaron ambas empresas este jueves.",
        "La planta, que ocupará los terrenos de una antigua base aérea, empezará a producir en el verano de 2027 y evitará, "
        "según sus promotores, la emisión de 90.000 toneladas de dióxido de carbono al año.",
        "«Es el contrato más largo que hemos firmado nunca», señaló Amparo Quiroga, directora de energía de Rioalto, que no "
        "quiso revelar el precio acordado.",
        "Solanera invertirá 160 millones de euros, de los que dos tercios proceden de un préstamo sindicado entre cuatro "
        "bancos.",
        "El ayuntamiento calcula que las obras darán trabajo a trescientas personas. Los vecinos pidieron que se conserve la "
        "torre de control, que será un mirador.",
    ),
    ("Tomás Arriaga",),
    _at("2025-10-23T09:10:00+00:00"),
)
