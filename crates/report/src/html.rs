//! The report as one self-contained page with both languages.
//!
//! Two radio buttons switch the language, so that no script is needed; a few lines of script only
//! prefer the browser's language and follow links such as `index.html#ja`.

use crate::blocks::{Block, Document, Section, TableBlock};
use crate::document::document;
use crate::phrase::plain;
use crate::sentences::answer;
use crate::terms::word;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
use ssi_vocab::{Caption, Lang, PHRASE_BREAK, Results};
use std::collections::BTreeMap;

const STYLE: &str = include_str!("../page/style.css");
const SWITCH: &str = include_str!("../page/switch.js");

/// A figure to embed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureSource {
    /// The SVG, with its text as outlines so that no reader needs our font.
    pub svg: String,
}

type Pictures = BTreeMap<(String, Lang), PictureSource>;

/// The report as a page: both languages, all pictures and styles inside. A figure without a
/// picture stands as its alternative text.
pub fn html(results: &Results, pictures: &Pictures) -> String {
    let documents = Lang::ALL.map(|lang| document(results, lang));
    let title = |lang: Lang| {
        let found = documents.iter().find(|d| d.lang == lang);
        found.map(|d| plain(&d.title)).unwrap_or_default()
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="ssi-study";
                title { (title(Lang::En)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                input.hidden #lang-en type="radio" name="lang" autocomplete="off" aria-label="English" checked;
                input.hidden #lang-ja type="radio" name="lang" autocomplete="off" aria-label="日本語" lang="ja";
                nav.switch aria-label="Language / 言語" {
                    label for="lang-en" lang="en" { "English" }
                    label for="lang-ja" lang="ja" { "日本語" }
                }
                main { @for d in &documents { (article(d, pictures)) } }
                script { (PreEscaped(SWITCH)) }
            }
        }
    }
    .into_string()
        + "\n"
}

fn article(d: &Document, pictures: &Pictures) -> Markup {
    let code = d.lang.code();
    let class = format!("page {code}{}", if d.mark.is_some() { " synthetic" } else { "" });
    html! {
        article class=(class) lang=(code) id=(code) data-title=(plain(&d.title)) {
            @if let Some(mark) = &d.mark {
                div.running aria-hidden="true" { p { (mark) " · " (word(d.lang, "page.print")) } }
            }
            div.body {
                @for (i, section) in d.sections.iter().enumerate() {
                    section id=(anchor(d, section)) {
                        @if i == 0 {
                            h1 { (Phrases(&section.title)) }
                            @if let Some(mark) = &d.mark { (banner(mark, d.lang)) }
                        } @else {
                            h2 { (Phrases(&section.title)) }
                        }
                        @for block in &section.blocks { (render(block, d.lang, pictures)) }
                        @if i == 0 { (contents(d)) }
                    }
                }
            }
        }
    }
}

fn anchor(d: &Document, section: &Section) -> String {
    format!("{}-{}", d.lang.code(), section.id)
}

fn banner(mark: &str, lang: Lang) -> Markup {
    html! { div.banner role="note" { p { strong { (mark) } " " (answer::synthetic(lang)) } } }
}

fn contents(d: &Document) -> Markup {
    let name = word(d.lang, "page.contents");
    html! {
        nav.contents aria-label=(name) {
            p { (name) }
            ol {
                @for section in d.sections.iter().skip(1) {
                    li { a href={ "#" (anchor(d, section)) } { (plain(&section.title)) } }
                }
            }
        }
    }
}

fn render(block: &Block, lang: Lang, pictures: &Pictures) -> Markup {
    html! {
        @match block {
            Block::Answer(text) => p.answer { (Phrases(text)) },
            Block::Paragraph(text) => p { (Phrases(text)) },
            Block::Remark(text) => p.remark { (Phrases(text)) },
            Block::Subheading(text) => h3 { (Phrases(text)) },
            Block::Table(t) => (table(t)),
            Block::Figure { slug, caption } => (figure(slug, caption, lang, pictures)),
            Block::List(items) => ul { @for item in items { li { (Phrases(item)) } } },
            Block::Facts(facts) => dl {
                @for (label, value) in facts { dt { (Phrases(label)) } dd { (Phrases(value)) } }
            },
            Block::Code(code) => pre { code { (code) } },
            Block::Details { summary, blocks } => details {
                summary { (Phrases(summary)) }
                @for block in blocks { (render(block, lang, pictures)) }
            },
        }
    }
}

fn figure(slug: &str, caption: &Caption, lang: Lang, pictures: &Pictures) -> Markup {
    let picture = pictures.get(&(slug.to_owned(), lang));
    let id = format!("zoom-{}-{slug}", lang.code());
    html! {
        figure {
            @if let Some(picture) = picture {
                input.hidden.enlarge type="checkbox" id=(id) autocomplete="off" aria-label=(word(lang, "page.enlarge"));
                label for=(id) { img src=(data_uri(&picture.svg)) alt=(plain(&caption.alt)); }
            } @else {
                p { (caption.alt) }
            }
            figcaption {
                strong { (Phrases(&caption.title)) }
                (Phrases(&caption.subtitle))
                @if let Some(mark) = &caption.mark { " " span.mark { (mark) } }
                @if picture.is_some() { span.enlarge-hint { (word(lang, "page.enlarge")) } }
            }
        }
    }
}

fn data_uri(svg: &str) -> String {
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))
}

fn table(t: &TableBlock) -> Markup {
    let class = |i: usize| t.numeric.get(i).copied().unwrap_or(false).then_some("number");
    html! {
        div.table {
            div.scroll tabindex="0" {
                table {
                    @if !t.caption.is_empty() { caption { (Phrases(&t.caption)) } }
                    thead { tr { @for (i, h) in t.header.iter().enumerate() {
                        th scope="col" class=[class(i)] { (Phrases(h)) }
                    } } }
                    tbody { @for row in &t.rows { tr { @for (i, cell) in row.iter().enumerate() {
                        @if i == 0 && class(0).is_none() {
                            th scope="row" { (Phrases(cell)) }
                        } @else {
                            td class=[class(i)] { (Phrases(cell)) }
                        }
                    } } } }
                }
            }
        }
    }
}

/// Text, escaped, with `<wbr>` at the places where a Japanese line may break. Equations such as
/// `n = 200` and ranges in brackets stay on one line.
struct Phrases<'a>(&'a str);

impl Render for Phrases<'_> {
    fn render_to(&self, out: &mut String) {
        for (i, phrase) in self.0.split(PHRASE_BREAK).enumerate() {
            if i > 0 {
                out.push_str("<wbr>");
            }
            for (whole, part) in wholes(&together(phrase)) {
                if whole {
                    out.push_str("<span class=\"whole\">");
                    part.render_to(out);
                    out.push_str("</span>");
                } else {
                    part.render_to(out);
                }
            }
        }
    }
}

/// The text in parts, with true for those that no line may break: Japanese dates, "p 値" and
/// roots such as "1/√(n − 3)".
fn wholes(text: &str) -> Vec<(bool, &str)> {
    let (mut out, mut from, mut at) = (Vec::new(), 0, 0);
    let mut previous = ' ';
    while let Some(c) = text[at..].chars().next() {
        let inside_word = previous.is_ascii_alphanumeric();
        match whole(&text[at..]).filter(|_| !inside_word) {
            Some(length) => {
                out.push((false, &text[from..at]));
                out.push((true, &text[at..at + length]));
                at += length;
                from = at;
                previous = ' ';
            }
            None => {
                at += c.len_utf8();
                previous = c;
            }
        }
    }
    out.push((false, &text[from..]));
    out.retain(|(_, part)| !part.is_empty());
    out
}

/// The length of what must stay whole at the beginning of a text, if anything must.
fn whole(text: &str) -> Option<usize> {
    if text.starts_with("p 値") {
        return Some("p 値".len());
    }
    if text.starts_with("1/√(") {
        return text.find(')').map(|end| end + 1);
    }
    let mut length = 0;
    for unit in ["年", "月", "日"] {
        let rest = &text[length..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || !rest[digits..].starts_with(unit) {
            break;
        }
        length += digits + unit.len();
    }
    (length > 0).then_some(length)
}

/// Non-breaking spaces inside brackets and around signs of comparison and subtraction.
fn together(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let sign = |c: char| matches!(c, '=' | '<' | '>' | '−');
        let joined = depth > 0 || sign(previous) || chars.peek().is_some_and(|n| sign(*n));
        out.push(if c == ' ' && joined { '\u{a0}' } else { c });
        previous = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_roots_are_kept_whole() {
        let parts = wholes("確認日は2018年7月6日から、p 値は1/√(n − 3)");
        let kept: Vec<&str> = parts.iter().filter(|(w, _)| *w).map(|(_, t)| *t).collect();
        assert_eq!(kept, ["2018年7月6日", "p 値", "1/√(n − 3)"]);
        assert_eq!(parts.iter().map(|(_, t)| *t).collect::<String>().matches('値').count(), 1);
        assert_eq!(wholes("drop 値 2018"), [(false, "drop 値 2018")]);
    }

    #[test]
    fn equations_and_ranges_stay_on_one_line() {
        let text = together("r = .60, 95% CI [.50, .68], p < .001");
        assert_eq!(text, "r\u{a0}=\u{a0}.60, 95% CI [.50,\u{a0}.68], p\u{a0}<\u{a0}.001");
    }
}
