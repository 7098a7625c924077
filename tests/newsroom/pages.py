"""Article pages as the web has them: the text among navigation, banners, related links and readers' comments."""

from __future__ import annotations

import json
from html import escape

from newsroom.days import written
from newsroom.publications import NewsArticle, Publication

# home, sections, related, comments, one comment, consent, subscribe
_WORDS = {
    "en": (
        "Home|Markets|Cloud|Jobs", "More on this", "2 comments", "I paid $900 for my graphics card. Just saying.",
        "We and our 843 partners value your privacy. Accept all | Manage options", "Subscribe from $4 a week",
    ),
    "fr": (
        "Accueil|Marchés|Cloud|Emploi", "À lire aussi", "2 commentaires", "Et ma facture d'électricité, 900 euros ?",
        "Nous et nos 843 partenaires respectons votre vie privée. Tout accepter | Paramétrer", "Abonnez-vous dès 4 €",
    ),
    "de": (
        "Start|Märkte|Cloud|Jobs", "Mehr zum Thema", "2 Kommentare", "Meine Grafikkarte kostete 900 Euro.",
        "Wir und unsere 843 Partner schätzen Ihre Privatsphäre. Alle akzeptieren | Optionen", "Ab 4 Euro weiterlesen",
    ),
    "es": (
        "Portada|Mercados|Nube|Empleo", "Te puede interesar", "2 comentarios", "Mi tarjeta gráfica costó 900 euros.",
        "Nosotros y nuestros 843 socios cuidamos tu privacidad. Aceptar | Configurar", "Suscríbete desde 4 euros",
    ),
    "it": (
        "Home|Mercati|Cloud|Lavoro", "Leggi anche", "2 commenti", "La mia scheda grafica è costata 900 euro.",
        "Noi e i nostri 843 partner teniamo alla tua privacy. Accetta | Opzioni", "Abbonati da 4 euro",
    ),
    "pt": (
        "Início|Mercados|Nuvem|Vagas", "Leia também", "2 comentários", "Minha placa de vídeo custou R$ 9 mil.",
        "Nós e nossos 843 parceiros valorizamos sua privacidade. Aceitar | Opções", "Assine a partir de R$ 9",
    ),
    "nl": (
        "Home|Markten|Cloud|Vacatures", "Lees ook", "2 reacties", "Mijn videokaart kostte 900 euro.",
        "Wij en onze 843 partners hechten aan je privacy. Alles accepteren | Opties", "Abonneer vanaf 4 euro",
    ),
    "ja": (
        "ホーム|市場|クラウド|求人", "関連記事", "コメント2件", "うちのグラボは15万円だった。",
        "当社と843社のパートナーはプライバシーを尊重します。すべて同意 | 設定", "続きは有料会員で",
    ),
    "zh": (
        "首页|市场|云计算|招聘", "相关阅读", "2条评论", "我的显卡花了9000元。",
        "我们及843家合作伙伴重视您的隐私。全部接受 | 设置", "订阅后继续阅读",
    ),
}  # fmt: skip


def render_page(publication: Publication, article: NewsArticle, base_url: str) -> bytes:
    """The article's page in the publisher's manner."""
    sections, related, comments, comment, consent, subscribe = _WORDS[article.language]
    links = "".join(f'<li><a href="{publication.path}/{escape(part)}">{escape(part)}</a></li>' for part in
                    sections.split("|"))  # fmt: skip
    others = "".join(
        f'<li><a href="{other.path}">{escape(other.title)}</a></li>'
        for other in publication.articles
        if other is not article
    )
    banner = f'<div class="cookie-banner" role="dialog"><p>{escape(consent)}</p></div>'
    page = f"""<!DOCTYPE html>
<html lang="{article.language}">
<head><meta charset="utf-8"><title>{escape(article.title)} | {escape(publication.title)}</title>
<link rel="canonical" href="{base_url}{article.path}">
{_metadata(publication, article, base_url)}
<script>window.dataLayer = window.dataLayer || [];</script>
</head>
<body>
{banner if publication.page == "consent" else ""}
<header><a href="{publication.path}/">{escape(publication.title)}</a><nav><ul>{links}</ul></nav></header>
<main><article>
<h1>{escape(article.title)}</h1>
{_byline(publication, article)}
{_body(publication, article, subscribe)}
</article></main>
<aside><h2>{escape(related)}</h2><ul>{others}</ul></aside>
<section class="comments" id="comments"><h2>{escape(comments)}</h2>
<div class="comment"><p>{escape(comment)}</p></div></section>
<footer><p>© {article.published_at.year} {escape(publication.publisher)}</p></footer>
</body></html>
"""
    return page.encode()


def render_front_page(publication: Publication) -> bytes:
    """The publisher's home page, with a link to its feed."""
    items = "".join(
        f'<li><a href="{article.path}">{escape(article.title)}</a></li>' for article in publication.articles
    )
    return (
        f'<!DOCTYPE html><html lang="{publication.language}"><head><meta charset="utf-8">'
        f'<title>{escape(publication.title)}</title><link rel="alternate" href="{publication.feed_path}"></head>'
        f"<body><h1>{escape(publication.title)}</h1><ul>{items}</ul></body></html>"
    ).encode()


def _byline(publication: Publication, article: NewsArticle) -> str:
    if publication.page == "opengraph":  # the date stands in the metadata alone
        return f'<p class="byline">{escape(publication.publisher)}</p>'
    day = written(article.published_at.date(), "long", article.language)
    return f'<p class="byline"><time datetime="{article.published_at.isoformat()}">{day}</time></p>'


def _body(publication: Publication, article: NewsArticle, subscribe: str) -> str:
    if publication.page == "paywall":
        teaser = article.paragraphs[0].split(". ")[0]
        return f'<p>{escape(teaser)} …</p><div class="paywall"><p>{escape(subscribe)}</p></div>'
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)


def _metadata(publication: Publication, article: NewsArticle, base_url: str) -> str:
    published = article.published_at.isoformat()
    if publication.page in ("json-ld", "paywall"):
        return _json_ld(publication, article, base_url)
    if publication.page == "opengraph":
        return (
            f'<meta property="og:type" content="article">'
            f'<meta property="og:title" content="{escape(article.title)}">'
            f'<meta property="og:site_name" content="{escape(publication.title)}">'
            f'<meta property="article:published_time" content="{published}">'
        )
    return ""


def _json_ld(publication: Publication, article: NewsArticle, base_url: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published_at.isoformat(),
        "inLanguage": article.language,
        "isAccessibleForFree": publication.page != "paywall",
        "author": {"@type": "Organization", "name": publication.publisher},
        "publisher": {"@type": "Organization", "name": publication.publisher},
        "mainEntityOfPage": base_url + article.path,
    }
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
