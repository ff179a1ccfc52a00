//! The embedded fonts: how wide a text is, where its lines may break, what it can't show.

use crate::{Error, Result, spacing};
use ab_glyph::{Font, FontRef};
use plotters::style::{FontStyle, register_font};
use resvg::usvg::fontdb::Database;
use ssi_vocab::PHRASE_BREAK;
use std::sync::{Arc, OnceLock};

/// The family name inside both font files, which is what the SVG says before it is outlined.
pub(crate) const FAMILY: &str = "Noto Sans JP";

static REGULAR: &[u8] = include_bytes!("../fonts/NotoSansJP-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/NotoSansJP-Bold.ttf");

/// The fonts, read once for the whole process.
pub(crate) struct Fonts {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
    /// What outlines the text. It knows nothing but the embedded bytes, so every machine makes
    /// the same picture.
    pub(crate) database: Arc<Database>,
}

impl Fonts {
    /// The fonts.
    ///
    /// # Errors
    /// [`Error::Font`] if the embedded bytes are no fonts.
    pub(crate) fn get() -> Result<&'static Self> {
        static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
        FONTS.get_or_init(Self::load).as_ref().ok_or(Error::Font)
    }

    fn load() -> Option<Self> {
        // plotters measures with the same bytes, should one of its elements ever need to.
        register_font(FAMILY, FontStyle::Normal, REGULAR).ok()?;
        register_font(FAMILY, FontStyle::Bold, BOLD).ok()?;
        let mut database = Database::new();
        database.load_font_data(REGULAR.to_vec());
        database.load_font_data(BOLD.to_vec());
        database.set_sans_serif_family(FAMILY);
        database.set_serif_family(FAMILY);
        Some(Self {
            regular: FontRef::try_from_slice(REGULAR).ok()?,
            bold: FontRef::try_from_slice(BOLD).ok()?,
            database: Arc::new(database),
        })
    }

    /// The width of a line. Kerning is left out: it only ever narrows the drawn line a little.
    pub(crate) fn width(&self, text: &str, size: f64, bold: bool) -> f64 {
        let mut before = None;
        let mut ems = 0.0;
        for c in text.chars().filter(|c| !hidden(*c)) {
            ems += self.advance(c, bold);
            if before.is_some_and(|b| spacing::tight(b, c)) {
                ems -= spacing::HALF;
            }
            before = Some(c);
        }
        ems * size
    }

    fn advance(&self, c: char, bold: bool) -> f64 {
        let in_face = |font: &FontRef<'static>| {
            let glyph = font.glyph_id(c);
            let em = f64::from(font.units_per_em().unwrap_or(1000.0));
            (glyph.0 != 0).then(|| f64::from(font.h_advance_unscaled(glyph)) / em)
        };
        let found = if bold { in_face(&self.bold) } else { None };
        found.or_else(|| in_face(&self.regular)).unwrap_or(1.0)
    }

    /// The lines of a text in at most `width`.
    ///
    /// A line ends at a space or a [`PHRASE_BREAK`]; after a Japanese comma or full stop; and only
    /// where a phrase is longer than a line, between two of its characters. An equation (`n = 200`)
    /// and a bracketed interval stay whole.
    pub(crate) fn wrap(&self, text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = Line::default();
            for piece in pieces(paragraph) {
                let wide = self.width(&piece.text, size, bold);
                let space = if line.space_after { self.width(" ", size, bold) } else { 0.0 };
                if line.text.is_empty() || line.width + space + wide <= width {
                    if wide > width {
                        self.split(&piece, size, bold, width, &mut line, &mut lines);
                    } else {
                        line.push(&piece, space, wide);
                    }
                } else if wide <= width {
                    lines.push(std::mem::take(&mut line).text);
                    line.push(&piece, 0.0, wide);
                } else {
                    self.split(&piece, size, bold, width, &mut line, &mut lines);
                }
            }
            if !line.text.is_empty() {
                lines.push(line.text);
            }
        }
        lines
    }

    /// Breaks a phrase that is longer than a line between its characters.
    fn split(
        &self,
        piece: &Piece,
        size: f64,
        bold: bool,
        width: f64,
        line: &mut Line,
        lines: &mut Vec<String>,
    ) {
        for part in unbreakable(&piece.text) {
            let wide = self.width(part, size, bold);
            let space = if line.space_after { self.width(" ", size, bold) } else { 0.0 };
            if !line.text.is_empty() && line.width + space + wide > width {
                lines.push(std::mem::take(line).text.trim_end().to_owned());
                line.push(&Piece { text: part.to_owned(), space_after: false }, 0.0, wide);
            } else {
                line.push(&Piece { text: part.to_owned(), space_after: false }, space, wide);
            }
        }
        line.space_after = piece.space_after;
    }

    /// As [`Fonts::wrap`], with lines of about equal length: no single word is left over.
    pub(crate) fn balance(&self, text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
        let greedy = self.wrap(text, size, bold, width);
        if greedy.len() < 2 {
            return greedy;
        }
        let (mut narrow, mut wide) = (width / greedy.len() as f64 * 0.8, width);
        for _ in 0..12 {
            let middle = (narrow + wide) / 2.0;
            let lines = self.wrap(text, size, bold, middle);
            let fits = lines.iter().all(|line| self.width(line, size, bold) <= middle);
            if lines.len() <= greedy.len() && fits && !splits_a_phrase(text, &lines) {
                wide = middle;
            } else {
                narrow = middle;
            }
        }
        self.wrap(text, size, bold, wide)
    }

    /// A text in at most `rows` lines of `width`: smaller type, down to `floor`, where it does not
    /// fit, and cut with an ellipsis only as the last resort. Returns the lines and the size.
    pub(crate) fn fit(
        &self,
        text: &str,
        size: f64,
        floor: f64,
        bold: bool,
        width: f64,
        rows: usize,
    ) -> (Vec<String>, f64) {
        let mut size = size;
        loop {
            let lines = self.balance(text, size, bold, width);
            let wide = lines.iter().any(|line| self.width(line, size, bold) > width);
            if lines.len() <= rows && !wide {
                return (lines, size);
            }
            if size <= floor {
                let lines = self.wrap(text, size, bold, width);
                return (self.cut(lines, size, bold, width, rows), size);
            }
            size = (size - 2.0).max(floor);
        }
    }

    /// A text in at most `rows` full lines of `width`, cut with an ellipsis where it is longer.
    pub(crate) fn fill(&self, text: &str, size: f64, width: f64, rows: usize) -> Vec<String> {
        self.cut(self.wrap(text, size, false, width), size, false, width, rows)
    }

    fn cut(
        &self,
        mut lines: Vec<String>,
        size: f64,
        bold: bool,
        width: f64,
        rows: usize,
    ) -> Vec<String> {
        let over = lines.len() > rows;
        lines.truncate(rows);
        let last = lines.len().saturating_sub(1);
        for (i, line) in lines.iter_mut().enumerate() {
            let marked = over && i == last;
            if self.width(line, size, bold) <= width && !marked {
                continue;
            }
            while !line.is_empty() && self.width(line, size, bold) + size > width {
                line.pop();
            }
            let kept = line.trim_end_matches([' ', ',', '、', '。', '·']).len();
            line.truncate(kept);
            line.push('…');
        }
        lines
    }
}

/// The characters of a text that the figures' font can't show.
///
/// White space and phrase breaks are not drawn and never missing.
///
/// # Example
/// ```
/// assert!(ssi_figure::missing_glyphs("相関係数 r = 0.60、Ωμ≥½").is_empty());
/// assert_eq!(ssi_figure::missing_glyphs("a🙂b"), ['🙂']);
/// ```
pub fn missing_glyphs(text: &str) -> Vec<char> {
    let shown = |c: char| Fonts::get().is_ok_and(|fonts| fonts.regular.glyph_id(c).0 != 0);
    let mut missing: Vec<char> =
        text.chars().filter(|&c| !hidden(c) && !c.is_whitespace() && !shown(c)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// A text without what is not drawn: phrase breaks and control characters, which XML forbids.
pub(crate) fn visible(text: &str) -> String {
    text.chars().filter(|&c| !hidden(c)).collect()
}

fn hidden(c: char) -> bool {
    c == PHRASE_BREAK || c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

struct Piece {
    text: String,
    space_after: bool,
}

#[derive(Default)]
struct Line {
    text: String,
    width: f64,
    space_after: bool,
}

impl Line {
    fn push(&mut self, piece: &Piece, space: f64, wide: f64) {
        if self.space_after && !self.text.is_empty() {
            self.text.push(' ');
            self.width += space;
        }
        self.text.push_str(&piece.text);
        self.width += wide;
        self.space_after = piece.space_after;
    }
}

/// The phrases of a text: what stands between two places where a line may break.
fn pieces(text: &str) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().filter(|&c| c == PHRASE_BREAK || !hidden(c)).collect();
    let mut pieces = Vec::new();
    let mut current = String::new();
    let mut bracket = false;
    for (i, &c) in chars.iter().enumerate() {
        let next = chars.get(i + 1).copied();
        match c {
            '[' => bracket = true,
            ']' => bracket = false,
            _ => {}
        }
        let end = if c == PHRASE_BREAK {
            Some(false)
        } else if c == ' ' || c == '\u{3000}' {
            let before = current.chars().last();
            if bracket || glued(before, next, &current) {
                current.push(' ');
                None
            } else {
                Some(true)
            }
        } else {
            current.push(c);
            let clause = matches!(c, '、' | '。' | '；' | '！' | '？');
            (clause && next.is_none_or(|n| !never_first(n))).then_some(false)
        };
        if let Some(space_after) = end {
            if current.is_empty() {
                if let Some(last) = pieces.last_mut() {
                    let last: &mut Piece = last;
                    last.space_after |= space_after;
                }
            } else {
                pieces.push(Piece { text: std::mem::take(&mut current), space_after });
            }
        }
    }
    if !current.is_empty() {
        pieces.push(Piece { text: current, space_after: false });
    }
    pieces
}

/// True for a space that belongs to its neighbours: around a relation (`r = .60`), between a Latin
/// word and the Japanese particle after it (`SSI も`), after a one-letter symbol (`p 値`),
/// before a bracketed interval and before a middle dot, and before the unit of `±22 points`.
fn glued(before: Option<char>, next: Option<char>, current: &str) -> bool {
    let relation = |c: char| matches!(c, '=' | '<' | '>' | '≤' | '≥' | '≈' | '±' | '×');
    let hiragana = |c: char| ('\u{3041}'..='\u{309f}').contains(&c);
    let spread = current.rsplit(' ').next().is_some_and(|word| word.starts_with('±'));
    let symbol = current.chars().count() == 1 && current.chars().all(char::is_alphabetic);
    before.is_some_and(relation)
        || spread
        || next.is_some_and(|n| relation(n) || hiragana(n) || n == '·' || n == '[')
        || (symbol && next.is_some_and(|n| n as u32 >= 0x2e80))
}

/// The smallest parts of a phrase that a line break may not enter; an interval in brackets is one.
fn unbreakable(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    let mut bracket = false;
    for (at, c) in text.char_indices() {
        if let Some(before) = before.filter(|_| !bracket) {
            let latin = |c: char| (c as u32) < 0x2e80 && c != ' ' && c != '-' && c != '/';
            let word = text[start..at].trim_end().rsplit(' ').next();
            let spread = before == ' ' && word.is_some_and(|word| word.starts_with('±'));
            let joined = spread || (latin(before) && latin(c));
            if !joined && !never_first(c) && !never_last(before) {
                parts.push(&text[start..at]);
                start = at;
            }
        }
        bracket = (bracket || c == '[') && c != ']';
        before = Some(c);
    }
    parts.push(&text[start..]);
    parts
}

/// Characters that never begin a line (kinsoku).
fn never_first(c: char) -> bool {
    "、。，．・：；？！）」』】〕］｝〉》’”ー〜～…‥々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％℃,.:;?!)]}%· "
        .contains(c)
}

/// Characters that never end a line.
fn never_last(c: char) -> bool {
    "（「『【〔［｛〈《‘“([{".contains(c)
}

/// True where a line ends inside a phrase, though the phrases alone would fit.
fn splits_a_phrase(text: &str, lines: &[String]) -> bool {
    let mut places = Vec::new();
    let mut at = 0;
    for piece in text.split('\n').flat_map(pieces) {
        at += piece.text.chars().filter(|c| *c != ' ').count();
        places.push(at);
    }
    let mut reached = 0;
    lines.iter().any(|line| {
        reached += line.chars().filter(|c| *c != ' ').count();
        !places.contains(&reached)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrap(text: &str, width: f64) -> Vec<String> {
        Fonts::get().unwrap().wrap(text, 20.0, false, width)
    }

    #[test]
    fn english_breaks_at_spaces_and_keeps_equations_and_intervals_whole() {
        let lines = wrap("one two r = .60, 95% CI [.50, .68], n = 200", 130.0);
        assert_eq!(lines, ["one two", "r = .60, 95%", "CI [.50, .68],", "n = 200"]);
    }

    #[test]
    fn japanese_breaks_at_phrase_ends_and_never_before_a_particle_or_a_full_stop() {
        let text = "得点が\u{200b}高いほど、\u{200b}SSI も\u{200b}高い\u{200b}傾向です。";
        assert_eq!(wrap(text, 110.0), ["得点が", "高いほど、", "SSI も高い", "傾向です。"]);
        assert_eq!(wrap("あいうえお。", 100.0), ["あいうえ", "お。"]);
        assert_eq!(wrap("（かっこ）（かっこ）", 110.0), ["（かっこ）", "（かっこ）"]);
        assert_eq!(wrap("ソーシャルセリング", 60.0), ["ソー", "シャル", "セリン", "グ"]);
    }

    #[test]
    fn a_phrase_break_is_neither_drawn_nor_measured() {
        let fonts = Fonts::get().unwrap();
        assert_eq!(fonts.width("得\u{200b}点", 20.0, false), fonts.width("得点", 20.0, false));
        assert_eq!(wrap("得\u{200b}点", 400.0), ["得点"]);
        assert_eq!(fonts.width("漢字", 20.0, true), 40.0);
    }

    #[test]
    fn an_interval_is_never_broken_and_marks_that_meet_are_closed_up() {
        assert_eq!(wrap("+3.4 points [2.8, 4.0]", 80.0), ["+3.4", "points", "[2.8, 4.0]"]);
        assert_eq!(wrap("about ±22 points", 120.0), ["about", "±22 points"]);
        let fonts = Fonts::get().unwrap();
        assert_eq!(fonts.width("（点）、（人）。", 20.0, false), 8.0 * 20.0 - 3.0 * 10.0);
        let (lines, size) = fonts.fit("[2.8, 4.0]", 54.0, 22.0, true, 200.0, 2);
        assert!(lines == ["[2.8, 4.0]"] && size < 54.0);
    }

    #[test]
    fn balanced_lines_are_as_many_and_about_as_long() {
        let fonts = Fonts::get().unwrap();
        let text = "one two three four five six seven eight nine ten eleven";
        let greedy = fonts.wrap(text, 20.0, false, 440.0);
        let lines = fonts.balance(text, 20.0, false, 440.0);
        assert_eq!(lines.len(), greedy.len());
        let spread = |lines: &[String]| {
            let widths = || lines.iter().map(|l| fonts.width(l, 20.0, false));
            widths().fold(0.0, f64::max) - widths().fold(f64::INFINITY, f64::min)
        };
        assert!(spread(&lines) < spread(&greedy) / 2.0, "{lines:?}");
    }

    #[test]
    fn what_does_not_fit_shrinks_first_and_is_cut_last() {
        let fonts = Fonts::get().unwrap();
        let (lines, size) = fonts.fit("two words here", 30.0, 20.0, false, 160.0, 1);
        assert!(lines == ["two words here"] && size < 30.0);
        let (lines, size) = fonts.fit("two words here and more", 30.0, 20.0, false, 160.0, 1);
        assert!(lines[0].ends_with('…') && size == 20.0);
        assert!(fonts.width(&lines[0], size, false) <= 160.0);
    }
}
