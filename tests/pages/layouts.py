"""Thirty page layouts as publishers build them, each around one of our own stories, with the clutter that comes along.

`PAGES` holds them; `Page.story` is what a reader should find. Class names and structures follow what publishing systems
write; every word is ours.
"""

# ruff: noqa: E501 - prose and markup of pages are not broken into lines
from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pages.stories import BRIEF, CHINESE, ENGLISH, FRENCH, GERMAN, JAPANESE, RELEASE, SPANISH, Story

TEASERS = (
    "Seven things that nobody expected of pumps", "Mayor reopens bridge that was never closed",
    "Why your kettle knows more than you think", "Harbour cranes to be painted green after all",
    "A walk through the city's quietest car park", "Bakery sells last loaf of its kind",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page and what it holds. `day_only` where it names no time of day; `walled` where it holds no article."""

    name: str
    markup: str
    story: Story
    url: str
    day_only: bool = False
    walled: bool = False


@dataclass
class Corpus:
    pages: list[Page] = field(default_factory=list)

    def layout(
        self, story: Story, url: str = "https://www.paper.example/business/story-4711", **expected: bool
    ) -> Callable[[Callable[[Story], str]], Callable[[Story], str]]:
        def add(write: Callable[[Story], str]) -> Callable[[Story], str]:
            self.pages.append(Page(write.__name__, write(story), story, url, **expected))
            return write

        return add


CORPUS = Corpus()
PAGES = CORPUS.pages


def _e(text: str) -> str:
    return html.escape(text, quote=False)


def _p(story: Story, tag: str = "p", attributes: str = "") -> str:
    return "\n".join(f"<{tag}{attributes}>{_e(text)}</{tag}>" for text in story.paragraphs)


def _menu(words: str = "Home World Business Markets Technology Opinion Sport Podcasts Newsletters") -> str:
    return "<ul class='menu'>" + "".join(f'<li><a href="/{w.lower()}">{w}</a></li>' for w in words.split()) + "</ul>"


def _related(title: str = "Related stories", tag: str = "li") -> str:
    items = "".join(f'<{tag}><a href="/n/{n}"><h3>{text}</h3></a></{tag}>' for n, text in enumerate(TEASERS))
    return f'<section class="related-articles"><h2>{title}</h2><ul>{items}</ul></section>'


def _cards() -> str:
    return "".join(
        f'<div class="card"><a href="/c/{n}"><img src="/{n}.jpg" alt="{text}"><h4>{text}</h4></a>'
        f"<p>{text}, and what our reporters found when they went there on a wet Thursday afternoon.</p>"
        f'<span class="card-date">{n + 1} hours ago</span></div>'
        for n, text in enumerate(TEASERS)
    )


def _share() -> str:
    names = ("Facebook", "X", "LinkedIn", "WhatsApp", "Email")
    return '<div class="share-bar">' + "".join(f'<a class="share" href="#">{name}</a>' for name in names) + "</div>"


def _newsletter() -> str:
    return (
        '<div class="newsletter-signup"><h3>The Morning Pump</h3><p>Get the five stories that matter in your inbox every '
        'weekday before breakfast.</p><form><input type="email" placeholder="Your email"><button>Sign up</button></form>'
        "<p>By signing up you agree to our terms and our privacy policy.</p></div>"
    )


def _cookies() -> str:
    return (
        '<div id="cookie-banner" role="dialog"><p>We use cookies and similar technologies to show you this page and to see '
        "who else looks at it. You can accept all of them or choose.</p><button>Accept all</button></div>"
    )


def _footer(name: str = "Paper") -> str:
    return (
        f"<footer>{_menu('About Careers Contact Advertise Terms Privacy')}<p>© 2025 {name}. All rights reserved. No part of "
        "this page may be copied without asking first.</p></footer>"
    )


def _ld(*facts: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(fact, ensure_ascii=False)}</script>' for fact in facts
    )


def _facts(story: Story, **more: object) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        **more,
    }


def _metas(story: Story, site: str = "Paper", **more: str) -> str:
    values = {
        "og:title": story.title,
        "og:site_name": site,
        "og:type": "article",
        "og:description": story.lead[:150],
        **more,
    }
    return "".join(f'<meta property="{name}" content="{html.escape(value)}">' for name, value in values.items())


def _page(story: Story, head: str, body: str, title: str = "", lang: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="{lang or story.language}"><head><meta charset="utf-8"><title>{title or _e(story.title)}'
        f'</title><style>.a{{color:red}}</style>{head}<script>window.x=[{{"a":1}}];</script></head><body>{body}</body></html>'
    )


def _by(story: Story) -> str:
    return " and ".join(story.authors)


@CORPUS.layout(ENGLISH)
def wordpress_with_yoast(story: Story) -> str:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebPage", "name": f"{story.title} - Paper", "datePublished": "2025-11-04T14:05:00+00:00"},
            {"@type": "Article", "headline": story.title, "datePublished": story.published.isoformat(),
             "dateModified": "2025-11-05T08:00:00+00:00", "author": [{"name": name} for name in story.authors]},
            {"@type": "Organization", "name": "Paper"},
        ],
    }  # fmt: skip
    body = (
        f"{_cookies()}<header id='masthead'>{_menu()}</header><div id='primary'><main><article class='post type-post'>"
        f"<header class='entry-header'><h1 class='entry-title'>{_e(story.title)}</h1><div class='entry-meta'>"
        f"<span class='posted-on'><time class='entry-date published' datetime='2025-11-04T14:05:00+00:00'>November 4, 2025"
        f"</time><time class='updated' datetime='2025-11-05T08:00:00+00:00'>November 5, 2025</time></span>"
        f"<span class='byline'>by <a rel='author'>{_by(story)}</a></span></div></header>{_share()}<div class='entry-content'>"
        f"{_p(story)}<div class='sharedaddy'><h3>Share this:</h3><ul><li>Tweet</li><li>Pocket</li></ul></div>"
        f"<div id='jp-relatedposts'><h3>Related</h3>{_related()}</div></div><footer class='entry-footer'>Posted in "
        f"<a rel='category tag'>Energy</a> Tagged <a rel='tag'>power</a></footer></article><div id='comments'><h2>2 thoughts"
        f"</h2><ol><li><p>I live there and nobody asked me about the pumps at all.</p></li><li><p>First!</p></li></ol></div>"
        f"</main></div><aside id='secondary'>{_newsletter()}{_related('Recent posts')}</aside>{_footer()}"
    )
    return _page(story, _metas(story) + _ld(graph), body, f"{_e(story.title)} - Paper")


@CORPUS.layout(FRENCH, url="https://www.gazette.example/node/88412", day_only=True)
def drupal_with_a_written_date(story: Story) -> str:
    body = (
        f"<div class='dialog-off-canvas-main-canvas'><header>{_menu('Accueil Économie Monde Culture Sports')}</header><main>"
        f"<h1 class='page-title'><span class='field field--name-title'>{_e(story.title)}</span></h1><article class='node "
        f"node--type-article'><div class='node__meta'>Par {_by(story)} — Publié le mardi 14 octobre 2025 à 18h42</div><div "
        f"class='node__content'><div class='field field--name-body field__item'>{_p(story)}</div><div class='field "
        f"field--name-field-tags'><div class='field__label'>Étiquettes</div><a href='/t/1'>Calcul</a> <a href='/t/2'>Région"
        f"</a></div></div></article><div class='block-views'>{_related('À lire aussi')}</div></main>{_footer('Gazette')}</div>"
    )
    return _page(story, "", body, f"{_e(story.title)} | Gazette de Rochebelle")


@CORPUS.layout(BRIEF)
def nextjs_with_json_ld(story: Story) -> str:
    data = {"props": {"pageProps": {"article": {"title": story.title, "body": story.text}, "related": list(TEASERS)}}}
    body = (
        f"<div id='__next'><div class='sc-1x'>{_menu()}</div><main class='sc-9f'><h1 class='sc-h1'>{_e(story.title)}</h1>"
        f"<div class='sc-by'><span>By {_by(story)}</span><span>Updated 3 days ago</span></div><div class='sc-body'>"
        f"{_p(story, attributes=' class=sc-p')}</div><div class='sc-rel'>{_cards()}</div></main>{_footer()}</div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(data)}</script>"
    )
    return _page(story, _metas(story) + _ld(_facts(story)), body, f"{_e(story.title)} | Paper")


@CORPUS.layout(ENGLISH)
def agency_with_paragraphs_in_divs(story: Story) -> str:
    paragraphs = "".join(
        f"<div class='article-body__paragraph-2-BtD' data-testid='paragraph-{n}'>{_e(text)}</div>"
        for n, text in enumerate(story.paragraphs)
    )
    body = (
        f"<header>{_menu()}</header><div id='main-content'><article><div class='article-header'><nav>Energy</nav><h1 "
        f"data-testid='Heading'>{_e(story.title)}</h1><div class='info'>By <a rel='author'>Ruth Calloway</a> and <a "
        f"rel='author'>Ben Osei</a></div><time><span>November 4, 2025</span><span>2:05 PM UTC</span><span>Updated 20 hours "
        f"ago</span></time></div>{_share()}<div class='article-body__content'>{paragraphs}</div><div class='sign-off'><p>"
        f"Reporting by Ruth Calloway and Ben Osei; Editing by P. Nobody</p><p>Our Standards: The Example Press Principles."
        f"</p></div></article><div class='read-next'><h2>Read Next</h2>{_cards()}</div></div>{_footer('Example Press')}"
    )
    facts = _facts(story, dateModified="2025-11-05T10:00:00Z")
    return _page(story, _metas(story, "Example Press") + _ld(facts), body, f"{_e(story.title)} | Example Press")


@CORPUS.layout(RELEASE, url="https://www.wire.example/news-releases/corvane-302-1.html")
def release_wire_with_eastern_time(story: Story) -> str:
    body = (
        f"<header>{_menu('Products Customers Resources')}</header><main><article class='news-release'><div class='container "
        f"release-header'><div class='row detail-headline'><h1>{_e(story.title)}</h1></div><div class='row'><a href='/c'>"
        f"<strong>News provided by</strong></a><a href='/corvane'><strong>Corvane Systems</strong></a><p class='mb-no'>Nov 06, "
        f"2025, 08:00 ET</p></div><div class='share'><p>Share this article</p>{_share()}</div></div><section class='"
        f"release-body container'><div class='row'><div class='col-lg-10'>{_p(story)}</div></div></section></article><section "
        f"class='container more-releases'><h2>More Releases From This Source</h2>{_cards()}</section><section><h2>Explore"
        f"</h2>{_related('Also from this source')}</section></main>{_footer('Example Wire')}"
    )
    return _page(story, _metas(story, "Example Wire"), body)


@CORPUS.layout(RELEASE, url="https://www.release.example/news/home/20251106001/en")
def release_wire_with_a_time_element(story: Story) -> str:
    body = (
        f"<div id='bw-banner'>{_menu()}</div><div id='bw-release-main'><article class='bw-release-main' itemscope "
        f"itemtype='https://schema.org/NewsArticle'><header><h1 class='epi-fontLg' itemprop='headline'><b>{_e(story.title)}"
        f"</b></h1></header><div class='bw-release-timestamp'><time datetime='2025-11-06T13:00:00Z' itemprop='datePublished'>"
        f"November 06, 2025 08:00 AM Eastern Standard Time</time></div><div class='bw-release-body' itemprop='articleBody'>"
        f"<div class='bw-release-story'>{_p(story)}</div></div><div class='bw-release-contact'><h2>Contacts</h2><p>A. Person"
        f"<br>press@corvane.example</p></div></article><aside><h2>More News From Corvane</h2>{_cards()}</aside></div>{_footer()}"
    )
    return _page(story, "", body, f"{_e(story.title)} | Release Line")


@CORPUS.layout(RELEASE, url="https://www.newsfeed.example/news-release/2025/11/06/3180001/0/en/corvane.html")
def release_wire_with_micro_data(story: Story) -> str:
    body = (
        f"<div class='pnl-header'>{_menu()}</div><div class='main-container container'><div class='main-header-container'>"
        f"<h1 class='article-headline' itemprop='headline'>{_e(story.title)}</h1><p class='article-published-source'><span "
        f"class='article-published'><time datetime='2025-11-06T13:00:00Z'>November 06, 2025 08:00 ET</time></span> <span "
        f"class='article-source'>Source: <a href='/o'>Corvane Systems</a></span></p></div><div class='main-body-container "
        f"article-body' id='main-body-container' itemprop='articleBody'>{_p(story)}</div><div class='pnl-tags'>Tags "
        f"<a>turbines</a></div><div class='recommended'><h3>Recommended Reading</h3>{_cards()}</div></div>{_footer()}"
    )
    metas = _metas(story, "Newsfeed") + '<meta name="dc.date.issued" content="11/6/2025">'
    return _page(story, metas, body)


@CORPUS.layout(JAPANESE, url="https://www.minato-keizai.example/article/DGXZQO0511/")
def japanese_daily(story: Story) -> str:
    body = (
        f"<header>{_menu('トップ 経済 ビジネス マーケット テクノロジー')}</header><main><article><h1 class='title_tyodebu'>"
        f"{story.title}</h1><div class='timestamp'><span>2025年11月5日 11:30</span><span>（2025年11月5日 18:02更新）</span></div>"
        f"<ul class='share'><li>保存</li><li>印刷</li><li>その他</li></ul><section class='container_cz8tiun'>{_p(story)}</section>"
        f"<div class='keyword'><h2>関連トピック</h2><ul><li>電力</li><li>半導体</li></ul></div></article><aside><h2>関連記事</h2>"
        f"<ul><li><a href='/1'>橋の色、緑に決まる</a></li><li><a href='/2'>駅前の時計、直る</a></li></ul></aside></main>"
        f"<footer><p>当サイトに掲載の記事・写真等の無断転載を禁じます。</p></footer>"
    )
    return _page(
        story,
        _metas(story, "港経済新聞", **{"og:title": f"{story.title} - 港経済新聞"}),
        body,
        f"{story.title} - 港経済新聞",
    )


@CORPUS.layout(CHINESE, url="https://www.36kuai.example/p/3535", day_only=True)
def chinese_portal(story: Story) -> str:
    body = (
        f"<div id='app'><div class='kr-header'>{_menu('首页 快讯 资讯 直播 视频')}</div><div class='article-detail-wrapper'><h1 "
        f"class='article-title'>{story.title}</h1><div class='article-title-icon'><a class='title-icon-item'>林晚</a><span "
        f"class='title-icon-item item-time'>·2025-11-03 09:20</span></div><div class='summary'>算力不等人。</div><div class='"
        f"common-width content articleDetailContent kr-rich-text-wrapper'>{_p(story)}</div><div class='declare'>该文观点仅代表作者"
        f"本人，平台仅提供信息存储空间服务。</div><div class='kr-loading'><h3>下一篇</h3><p>桥梁刷成绿色之后发生了什么</p></div></div></div>"
        f"<script>window.initialState={json.dumps({'list': list(TEASERS)})}</script>"
    )
    return _page(story, "", body, f"{story.title}-36快")


@CORPUS.layout(FRENCH, url="https://www.lesnouvelles.example/industrie/lumivaire-2081", day_only=True)
def french_daily_with_an_update(story: Story) -> str:
    body = (
        f"{_cookies()}<header>{_menu('À-la-une Idées Économie Politique Bourse')}</header><main id='main-content'><article>"
        f"<header><div class='kicker'>Numérique</div><h1>{_e(story.title)}</h1><p class='chapo'></p><div class='byline'>Par "
        f"<a href='/a'>{_by(story)}</a></div><div class='dates'>Publié le 14 oct. 2025 à 18:42<br>Mis à jour le 15 oct. 2025 "
        f"à 09:10</div></header>{_share()}<div class='post-paywall'>{_p(story)}</div><div class='abo'><p>Découvrez toutes nos "
        f"offres d'abonnement et soutenez une rédaction de cent quarante journalistes.</p></div></article>"
        f"{_related('Les plus lus')}</main>{_footer('Les Nouvelles')}"
    )
    metas = _metas(story, "Les Nouvelles", **{"og:title": f"{story.title} | Les Nouvelles"})
    return _page(story, metas, body, f"{_e(story.title)} | Les Nouvelles")


@CORPUS.layout(GERMAN, url="https://www.techblatt.example/news/Nordwerk-uebernimmt-10832211.html")
def german_tech_site(story: Story) -> str:
    parts = [f"<p>{_e(text)}</p>" for text in story.paragraphs]
    parts.insert(2, "<div class='opt-in'><h4>Empfohlener redaktioneller Inhalt</h4><p>Mit Ihrer Zustimmung wird hier ein "
                    "externes Video geladen.</p></div>")  # fmt: skip
    parts.insert(4, "<a-collapse><strong>Lesen Sie auch</strong><div class='a-article-teaser'><a href='/x'>Wie laut darf ein "
                    "Rechenzentrum sein?</a></div></a-collapse>")  # fmt: skip
    body = (
        f"<header>{_menu('News Hintergründe Ratgeber Testberichte Meinungen')}</header><main><article class='article-layout'>"
        f"<header class='a-article-header'><h1 class='a-article-header__title'>{_e(story.title)}</h1><p class='"
        f"a-article-header__lead'></p><div class='a-publish-info'><time datetime='2025-10-29T08:15:00+01:00'>29.10.2025, 08:15 "
        f"Uhr</time><span>Lesezeit: 3 Min.</span><span>Von <a rel='author'>{_by(story)}</a></span></div></header><div class='"
        f"article-content'>{''.join(parts)}<p><span class='redakteurskuerzel'>(<a href='mailto:jof@techblatt.example'>jof</a>)"
        f"</span></p></div></article><section class='teaser'>{_cards()}</section></main>{_footer('Techblatt')}"
    )
    return _page(story, _metas(story, "Techblatt online"), body, f"{_e(story.title)} | Techblatt online", "de")


@CORPUS.layout(ENGLISH)
def live_blog(story: Story) -> str:
    posts = "".join(
        f"<div class='live-post' itemprop='liveBlogUpdate'><time datetime='2025-11-04T1{5 + n % 4}:00:00Z'>{n} hrs ago</time>"
        f"<div class='post-text'><p>{_e(text)}</p></div><button>Share</button></div>"
        for n, text in enumerate(story.paragraphs)
    )
    facts = {**_facts(story), "@type": "LiveBlogPosting", "coverageStartTime": "2025-11-04T14:05:00Z"}
    body = f"<header>{_menu()}</header><main><h1>{_e(story.title)}</h1><div class='live-posts'>{posts}</div></main>{_footer()}"
    return _page(story, _metas(story) + _ld(facts), body)


@CORPUS.layout(ENGLISH, walled=True)
def teaser_before_a_paywall(story: Story) -> str:
    facts = _facts(story, isAccessibleForFree=False, hasPart={"@type": "WebPageElement", "cssSelector": ".paid"})
    body = (
        f"<header>{_menu()}</header><article><h1>{_e(story.title)}</h1><p>{_e(story.lead)}</p><div class='paid'></div><div "
        f"class='barrier'><h2>Subscribe to continue reading</h2><p>Already a subscriber? Sign in.</p></div></article>{_footer()}"
    )
    return _page(story, _metas(story) + _ld(facts), body)


@CORPUS.layout(BRIEF)
def script_page_with_the_text_in_json_ld(story: Story) -> str:
    facts = _facts(story, articleBody=story.text)
    body = (
        f"<div id='root'><noscript>You need to enable JavaScript to run this app.</noscript></div>{_footer()}"
        "<script src='/static/main.js'></script>"
    )
    return _page(story, _metas(story) + _ld(facts), body)


@CORPUS.layout(BRIEF, url="https://amp.paper.example/business/story-99.amp.html")
def amp_page(story: Story) -> str:
    body = (
        f"<amp-sidebar id='menu'>{_menu()}</amp-sidebar><header class='headerbar'><a href='/'>Paper</a></header><main "
        f"role='main'><h1 class='amp-title'>{_e(story.title)}</h1><p class='amp-by'>By {_by(story)} · Sep 18, 2025</p><amp-img "
        f"src='/a.jpg' width='8' height='5'></amp-img><div class='amp-content'>{_p(story)}<amp-ad type='x'></amp-ad></div>"
        f"<amp-list src='/more'><div>{_cards()}</div></amp-list></main>{_footer()}"
    )
    head = '<script async src="https://cdn.example/v0.js"></script>' + _ld(_facts(story))
    return _page(story, head, body).replace("<html ", "<html ⚡ ")


@CORPUS.layout(BRIEF, day_only=True)
def tables_of_the_nineties(story: Story) -> str:
    text = "<br><br>".join(_e(paragraph) for paragraph in story.paragraphs)
    body = (
        f"<table width=760><tr><td width=120 valign=top bgcolor=#eee>{_menu()}</td><td width=480><font size=5><b>"
        f"{_e(story.title)}</b></font><br><font size=1>September 18, 2025 - by {_by(story)}</font><br><br><font face=Arial>"
        f"{text}</font></td><td width=160>{_related()}</td></tr></table><center>Copyright 2025 Paper</center>"
    )
    return _page(story, "", body, f"Paper: {_e(story.title)}")


@CORPUS.layout(SPANISH)
def spanish_daily_modified_first(story: Story) -> str:
    facts = {"@context": "https://schema.org", "@type": ["NewsArticle"], "dateModified": "2025-10-24T07:00:00+02:00",
             "datePublished": "2025-10-23T11:10:00+02:00", "headline": story.title,
             "author": {"@type": "Person", "name": "Tomás Arriaga"}}  # fmt: skip
    body = (
        f"<header>{_menu('Portada España Economía Deportes Cultura')}</header><main><article><h1>{_e(story.title)}</h1><div "
        f"class='ue-c-article__publishdate'>Actualizado <time datetime='2025-10-24T05:00:00Z'>Viernes, 24 octubre 2025 - "
        f"07:00</time></div>{_share()}<div class='ue-c-article__body'>{_p(story)}</div><ul class='tags'><li>Energía</li></ul>"
        f"<div class='outbrain'>{_cards()}</div></article></main>{_footer('Diario')}"
    )
    return _page(story, _metas(story, "Diario") + _ld(facts), body, f"{_e(story.title)} | Economía")


@CORPUS.layout(
    RELEASE, url="https://investors.corvane.example/news/news-details/2025/Agreement/default.aspx", day_only=True
)
def investor_relations(story: Story) -> str:
    body = (
        f"<div class='layout_header'>{_menu('Overview Stock Filings Governance')}</div><div class='pane'><div class='module "
        f"module-details'><h1 class='module-details_title'><span>{_e(story.title)}</span></h1><div class='"
        f"module_date-time'><span class='module_date-text'>November 6, 2025</span></div><div class='module_links'><a href='x.pdf'"
        f">Download PDF</a></div><div class='module_body'>{_p(story)}</div><div class='module_back'><a href='/'>View all news"
        f"</a></div></div></div><div class='email-alerts'><h2>Email Alerts</h2><p>Sign up today and receive company updates "
        f"straight to your inbox.</p></div>{_footer('Corvane')}"
    )
    return _page(story, "", body, f"Corvane Systems - {_e(story.title)}")


@CORPUS.layout(GERMAN)
def consent_banner_longer_than_the_article(story: Story) -> str:
    purposes = "".join(
        f"<div class='purpose'><h4>Zweck {n}</h4><p>Wir und unsere {100 + n} Partner speichern Angaben auf Ihrem Gerät, um zu "
        f"erfahren, welche Seiten Sie lesen, wie lange Sie dabei bleiben und ob Sie danach etwas kaufen.</p></div>"
        for n in range(12)
    )
    body = (
        f"<div class='cmp-layer' role='dialog'><h2>Ihre Privatsphäre</h2>{purposes}<button>Alle Cookies akzeptieren</button>"
        f"</div><header>{_menu()}</header><main><article><h1>{_e(story.title)}</h1><time datetime='2025-10-29T07:15:00Z'>"
        f"29. Oktober 2025</time><div class='text'>{_p(story)}</div></article></main>{_footer('Anzeiger')}"
    )
    return _page(story, _metas(story, "Anzeiger") + _ld(_facts(story)), body)


@CORPUS.layout(RELEASE, url="https://newsroom.ostrelle.example/2025/11/06/corvane")
def newsroom_with_its_name_as_h1(story: Story) -> str:
    body = (
        f"<header><h1 class='logo'><a href='/'>Ostrelle Newsroom</a></h1>{_menu('Press Blog Media')}</header><main><div class='"
        f"press-release'><p class='eyebrow'>Press release</p><h2 class='headline'>{_e(story.title)}</h2><p class='date'>"
        f"6 November 2025</p><div class='copy'>{_p(story)}</div></div><div class='more'><h2>Latest</h2>{_cards()}</div></main>"
        f"{_footer('Ostrelle')}"
    )
    metas = _metas(story, "Ostrelle Newsroom") + '<meta name="date" content="2025-11-06T13:00:00Z">'
    return _page(story, metas, body, f"{_e(story.title)} - Ostrelle Newsroom")


@CORPUS.layout(ENGLISH)
def related_articles_in_json_ld_first(story: Story) -> str:
    others = [
        {
            "@type": "NewsArticle",
            "headline": text,
            "datePublished": f"2025-11-1{n}T09:00:00Z",
            "url": f"https://www.paper.example/n/{n}",
        }
        for n, text in enumerate(TEASERS)
    ]
    facts = _facts(story, mainEntityOfPage="https://www.paper.example/business/story-4711")
    body = (
        f"<header>{_menu()}</header><aside class='top'>{_cards()}</aside><main><article><h1>{_e(story.title)}</h1>{_share()}"
        f"{_p(story)}{_newsletter()}</article></main>{_footer()}"
    )
    lists = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": others}
    return _page(story, _metas(story) + _ld(lists, facts), body)


@CORPUS.layout(BRIEF)
def article_with_inserts(story: Story) -> str:
    parts = [f"<p class='c-paragraph'>{_e(text)}</p>" for text in story.paragraphs]
    parts.insert(1, f"<div class='ad'><span>Advertisement</span></div>{_newsletter()}")
    parts.insert(3, f"<aside class='c-related'><h4>Read more</h4><a href='/1'>{TEASERS[0]}</a></aside>")
    parts.insert(
        5,
        "<figure><img src='/a.jpg'><figcaption>A machine at work in an orchard. Photo: A. Nobody</figcaption></figure>",
    )
    body = (
        f"<header>{_menu()}</header><main><article><h1>{_e(story.title)}</h1><div class='b-byline'>By <a>{_by(story)}</a> "
        f"</div><div class='article-body'>{''.join(parts)}</div></article><div class='taboola'><h2>You may like</h2>{_cards()}"
        f"</div></main>{_footer()}"
    )
    metas = _metas(story) + '<meta property="article:published_time" content="2025-09-18T02:30:00-04:00">'
    metas += '<meta property="article:modified_time" content="2025-09-20T02:30:00-04:00">'
    return _page(story, metas, body)


@CORPUS.layout(FRENCH)
def wrong_language_declared(story: Story) -> str:
    body = (
        f"<div class='site'>{_menu()}</div><div class='post'><h1>{_e(story.title)}</h1><div class='meta'>14 octobre 2025</div>"
        f"<div class='post-content'>{_p(story)}</div></div>{_footer('Le Blog')}"
    )
    metas = _metas(story, "Le Blog", **{"og:locale": "en_US"})
    metas += '<meta property="article:published_time" content="2025-10-14T18:42:00+02:00">'
    return _page(story, metas, body, lang="en-US")


@CORPUS.layout(SPANISH, url="https://blog.solanera.example/2025/10/23/firma-con-rioalto", day_only=True)
def date_in_the_address_only(story: Story) -> str:
    body = (
        f"<nav>{_menu('Inicio Blog Contacto')}</nav><div class='post-full'><h1>{_e(story.title)}</h1><section class='post-content'>"
        f"{_p(story)}</section></div><footer><p>© 2024 Solanera</p></footer>"
    )
    return _page(story, "", body, f"{_e(story.title)} – Solanera")


@CORPUS.layout(ENGLISH)
def list_and_table_in_the_text(story: Story) -> str:
    first, second, third, *rest = story.paragraphs
    body = (
        f"<header>{_menu()}</header><main><article><h1>{_e(story.title)}</h1><p>{_e(first)}</p><h2></h2><ul><li>{_e(second)}"
        f"</li><li>{_e(third)}</li></ul>{''.join(f'<blockquote><p>{_e(text)}</p></blockquote>' for text in rest[:1])}"
        f"{''.join(f'<p>{_e(text)}</p>' for text in rest[1:])}</article>{_related()}</main>{_footer()}"
    )
    return _page(story, _metas(story) + _ld(_facts(story)), body)


@CORPUS.layout(ENGLISH)
def sections_without_paragraphs(story: Story) -> str:
    parts = "".join(f"<section><div class='pw-post-body'>{_e(text)}<br></div></section>" for text in story.paragraphs)
    body = (
        f"<div>{_menu()}</div><article><div><h1>{_e(story.title)}</h1><div>Ruth Calloway<span> · </span>4 min read<span> · "
        f"</span>Nov 4, 2025</div></div>{parts}<div class='claps'>1.2K claps</div></article><div>{_cards()}</div>"
    )
    metas = _metas(story, "Platform") + '<meta property="article:published_time" content="2025-11-04T14:05:00.000Z">'
    return _page(story, metas, body, f"{_e(story.title)} | by Ruth Calloway | Nov, 2025 | Platform")


@CORPUS.layout(GERMAN, day_only=True)
def german_date_on_the_page_only(story: Story) -> str:
    body = (
        f"<div class='kopf'>{_menu()}</div><div class='inhalt'><h1>{_e(story.title)}</h1><p class='datum'>Mittwoch, 29. Oktober "
        f"2025</p><div class='artikeltext'>{_p(story)}</div><p class='weitere'><a href='/'>Weitere Meldungen vom 3. März 2024</a>"
        f"</p></div><div class='fuss'>Stand: 1.1.2020 © Kreisbote</div>"
    )
    return _page(story, "", body, f"Kreisbote: {_e(story.title)}")


@CORPUS.layout(CHINESE)
def chinese_agency_with_a_source_line(story: Story) -> str:
    body = (
        f"<div class='nav'>{_menu('首页 财经 产经 科技')}</div><div class='main'><h1 id='title'>{story.title}</h1><div class='info'>"
        f"2025年11月03日 09:20 　来源：示例社　作者：林晚</div><div id='content'>{_p(story)}</div><div class='editor'>【责任编辑:某某】</div>"
        f"<ul class='hot'><li><a href='/1'>桥梁刷成绿色之后</a></li><li><a href='/2'>车站的钟修好了</a></li></ul></div>"
    )
    return _page(story, "", body, f"{story.title}_示例社")


@CORPUS.layout(BRIEF)
def title_with_section_and_site(story: Story) -> str:
    body = (
        f"<header>{_menu()}</header><main><div class='headline-group'><h1>{_e(story.title)}</h1></div><div class='story'>"
        f"{_p(story)}</div>{_newsletter()}</main>{_footer('Daily Ledger')}"
    )
    metas = '<meta property="og:title" content="' + html.escape(f"{story.title} | Companies | Daily Ledger") + '">'
    metas += '<meta name="parsely-pub-date" content="2025-09-18T06:30:00Z"><meta name="author" content="Ivo Stanhope">'
    return _page(story, metas, body, f"{_e(story.title)} | Companies | Daily Ledger")


def same_moment(found: datetime | None, page: Page) -> bool:
    """Whether the date is the page's: to the minute, or the day where it names no time."""
    if found is None:
        return False
    wanted = page.story.published
    return found.date() == wanted.date() if page.day_only else abs((found - wanted).total_seconds()) < 60
