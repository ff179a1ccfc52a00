//! Every figure in both languages: made, decoded, and free of what would spoil it.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may panic as tests do")]

mod samples;

use samples::Random;
use ssi_figure::{Error, Picture, Theme, draw, missing_glyphs, summary};
use ssi_vocab::drawing::*;
use ssi_vocab::{Drawing, Lang};

fn picture(slug: &str, drawing: &Drawing, lang: Lang) -> Picture {
    draw(drawing, &samples::caption(slug, drawing, lang), &Theme::default()).unwrap()
}

fn decode(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, info.height, pixels)
}

/// The share of pixels that are not paper.
fn inked(pixels: &[u8]) -> f64 {
    let dark = pixels.chunks_exact(3).filter(|p| p.iter().any(|c| *c < 250)).count();
    dark as f64 / (pixels.len() / 3) as f64
}

fn assert_sound(picture: &Picture) {
    let svg = picture.svg();
    for word in ["NaN", "inf", "<text", "font", "<image", "href", "<style"] {
        assert!(!svg.contains(word), "the SVG holds {word}");
    }
    let (width, height, pixels) = decode(&picture.png().unwrap());
    assert_eq!((width, height), (1600, 1200));
    // The outermost pixels stay white: nothing is clipped.
    for (i, pixel) in pixels.chunks_exact(3).enumerate() {
        let (x, y) = (i as u32 % width, i as u32 / width);
        if x < 12 || y < 12 || x >= width - 12 || y >= height - 12 {
            assert_eq!(pixel, [255; 3], "ink at {x}, {y}");
        }
    }
}

#[test]
fn every_figure_in_both_languages_is_a_sound_picture() {
    for (slug, drawing) in samples::drawings() {
        for lang in Lang::ALL {
            let picture = picture(slug, &drawing, lang);
            assert_sound(&picture);
            let (.., pixels) = decode(&picture.png().unwrap());
            let share = inked(&pixels);
            assert!((0.03..0.6).contains(&share), "{slug}: {share} of the page is inked");
            assert!(picture.svg().len() < 300_000, "{slug}: {} bytes", picture.svg().len());
            assert!(!picture.alt.is_empty());
        }
    }
}

#[test]
fn patterns_of_gaps_are_sound_pictures_from_one_to_many() {
    for (variables, patterns) in [(1, 1), (2, 2), (8, 5), (18, 13), (40, 13)] {
        let drawing = Drawing::Gaps(samples::gaps(variables, patterns));
        for lang in Lang::ALL {
            assert_sound(&picture("missing", &drawing, lang));
        }
    }
    let mut uneven = samples::gaps(3, 2);
    uneven.n_missing.pop();
    let caption = samples::caption("missing", &Drawing::Gaps(uneven.clone()), Lang::En);
    let refused = |g: Gaps| draw(&Drawing::Gaps(g), &caption, &Theme::default()).unwrap_err();
    assert!(matches!(refused(uneven), Error::UnequalLengths { first: 3, second: 2, .. }));
    let mut undefined = samples::gaps(3, 2);
    undefined.patterns[0].missing[1] = f64::NAN;
    assert!(matches!(refused(undefined), Error::NotFinite { .. }));
    assert!(matches!(refused(samples::gaps(0, 2)), Error::Empty { .. }));
}

#[test]
fn the_summary_is_a_sound_picture() {
    let drawing = Drawing::Scatter(samples::scatter(195));
    for lang in Lang::ALL {
        let caption = samples::caption("score_ssi", &drawing, lang);
        let card = samples::card(lang);
        assert_sound(&summary(&card, &drawing, &caption, &Theme::default()).unwrap());
        let other = Drawing::Levels(samples::levels());
        let refused = summary(&card, &other, &caption, &Theme::default());
        assert_eq!(refused.unwrap_err(), Error::Unsupported);
    }
}

#[test]
fn languages_differ_in_the_picture_and_the_alternative_text_is_in_the_svg() {
    let (slug, drawing) = &samples::drawings()[0];
    let (en, ja) = (picture(slug, drawing, Lang::En), picture(slug, drawing, Lang::Ja));
    assert_ne!(en.svg(), ja.svg());
    assert!(en.svg().contains("aria-label=\"A sample figure.\""));
    assert!(ja.svg().contains("aria-label=\"図の見本です。\""));
}

#[test]
fn the_same_drawing_gives_the_same_bytes_on_any_thread() {
    for (slug, drawing) in samples::drawings() {
        let once = picture(slug, &drawing, Lang::Ja);
        let png = once.png().unwrap();
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let drawing = drawing.clone();
                std::thread::spawn(move || {
                    let picture = picture(slug, &drawing, Lang::Ja);
                    (picture.svg().to_owned(), picture.png().unwrap())
                })
            })
            .collect();
        for thread in threads {
            let (svg, bytes) = thread.join().unwrap();
            assert_eq!(svg, once.svg());
            assert_eq!(bytes, png);
        }
    }
}

#[test]
fn another_seed_moves_the_points_sideways_only() {
    let mut drawing = samples::scatter(195);
    let before = picture("score_ssi", &Drawing::Scatter(drawing.clone()), Lang::En);
    drawing.seed += 1;
    let after = picture("score_ssi", &Drawing::Scatter(drawing), Lang::En);
    let heights = |svg: &str| -> Vec<String> {
        svg.lines()
            .filter_map(|line| line.strip_prefix("<path d=\"m"))
            // Round points are made of arcs, which start at the right: "m X Y c…".
            .filter(|data| data.contains('q') || data.contains('c'))
            .map(|data| {
                let start = data.find([' ', '-']).unwrap_or(0);
                let end = data.find(['q', 'c']).unwrap();
                data[start..end].to_owned()
            })
            .collect()
    };
    assert_ne!(before.svg(), after.svg());
    let (before, after) = (heights(before.svg()), heights(after.svg()));
    assert!(before.len() > 150);
    assert_eq!(before, after);
}

#[test]
fn every_character_of_the_captions_has_a_glyph() {
    for (slug, drawing) in samples::drawings() {
        for lang in Lang::ALL {
            let c = samples::caption(slug, &drawing, lang);
            let texts = [&c.title, &c.subtitle, &c.x, &c.y, &c.note, &c.alt];
            for text in texts.into_iter().chain(c.labels.values()).chain(&c.mark) {
                assert!(missing_glyphs(text).is_empty(), "{text}: {:?}", missing_glyphs(text));
            }
        }
    }
    assert_eq!(missing_glyphs("a🙂\u{200b}b 鷗"), ['鷗', '🙂']);
    // Levels 1 and 2 of JIS X 0208, and what statistics writes.
    assert!(missing_glyphs("亜腕弌熙纊αβρτχ²√≤≥±−–…→×½Ω①％").contains(&'纊'));
    assert!(missing_glyphs("亜腕弌熙αβρτχ²√≤≥±−–…→×½Ω①％").is_empty());
}

#[test]
fn a_rare_kanji_in_a_bold_title_falls_back_to_regular() {
    let (_, drawing) = &samples::drawings()[0];
    let with = |title: &str| {
        let mut caption = samples::caption("score_ssi", drawing, Lang::Ja);
        caption.title = title.into();
        draw(drawing, &caption, &Theme::default()).unwrap().svg().to_owned()
    };
    // 弌 is of level 2; a missing glyph would be drawn as the same box for any such character.
    assert_ne!(with("弌"), with("丐"));
}

#[test]
fn the_picture_scales_with_its_width() {
    let (slug, drawing) = &samples::drawings()[3];
    let theme = Theme { width: 800, ..Theme::default() };
    let caption = samples::caption(slug, drawing, Lang::En);
    let small = draw(drawing, &caption, &theme).unwrap();
    let (width, height, _) = decode(&small.png().unwrap());
    assert_eq!((width, height), (800, 600));
    assert!(small.svg().contains("width=\"800\" height=\"600\""));
    let (width, height, _) = decode(&small.png_wide(400).unwrap());
    assert_eq!((width, height), (400, 300));
    assert_eq!(small.png_wide(0).unwrap_err(), Error::Size { width: 0 });
    let wrong = Theme { width: 99, ..Theme::default() };
    assert_eq!(draw(drawing, &caption, &wrong).unwrap_err(), Error::Size { width: 99 });
}

#[test]
fn long_texts_never_reach_the_edge() {
    for (slug, drawing) in samples::drawings() {
        for lang in Lang::ALL {
            let caption = samples::captions::wordy(slug, &drawing, lang);
            assert_sound(&draw(&drawing, &caption, &Theme::default()).unwrap());
        }
    }
}

#[test]
fn markup_and_control_characters_in_a_caption_are_plain_text() {
    let (slug, drawing) = &samples::drawings()[0];
    let mut caption = samples::caption(slug, drawing, Lang::En);
    caption.title = "a < b & \"c\" <text opacity=\"0\">\u{0}\u{7}\nsecond line".into();
    caption.alt = "<svg onload=\"x\"> & \u{1}".into();
    let picture = draw(drawing, &caption, &Theme::default()).unwrap();
    assert!(picture.svg().contains("aria-label=\"&lt;svg onload=&quot;x&quot;> &amp; \""));
    assert_sound(&picture);
}

#[test]
fn a_caption_without_labels_still_gives_a_picture() {
    for (slug, drawing) in samples::drawings() {
        let mut caption = samples::caption(slug, &drawing, Lang::En);
        caption.labels.clear();
        caption.mark = None;
        caption.note.clear();
        caption.subtitle.clear();
        assert_sound(&draw(&drawing, &caption, &Theme::default()).unwrap());
    }
}

#[test]
fn the_mark_is_drawn() {
    let (slug, drawing) = &samples::drawings()[0];
    let mut caption = samples::caption(slug, drawing, Lang::En);
    let marked = draw(drawing, &caption, &Theme::default()).unwrap();
    caption.mark = None;
    let bare = draw(drawing, &caption, &Theme::default()).unwrap();
    let corner = |picture: &Picture| {
        let (width, _, pixels) = decode(&picture.png().unwrap());
        (40..100)
            .flat_map(|y| (1380..1550).map(move |x| (y * width + x) as usize * 3))
            .filter(|at| pixels[*at..at + 3] != [255; 3])
            .count()
    };
    assert!(corner(&marked) > 500);
    assert_eq!(corner(&bare), 0);
}

#[test]
fn many_points_become_cells() {
    let mut drawing = samples::scatter(195);
    let mut random = Random::new(5);
    drawing.points = Points {
        x: (0..5_000).map(|_| 5.0 + 1.5 * random.normal()).collect(),
        y: (0..5_000).map(|_| 40.0 + 10.0 * random.normal()).collect(),
    };
    // Tiles where scores stand on a grid, hexagons where they don't.
    for x_step in [0.5, 0.0] {
        let drawing = Drawing::Scatter(Scatter { x_step, ..drawing.clone() });
        let mut caption = samples::caption("score_ssi", &drawing, Lang::En);
        let plain = draw(&drawing, &caption, &Theme::default()).unwrap();
        assert!(plain.svg().len() < 300_000);
        assert_sound(&plain);
        caption.labels.insert("count".into(), "Users".into());
        let keyed = draw(&drawing, &caption, &Theme::default()).unwrap();
        assert_ne!(plain.svg(), keyed.svg());
    }
}

#[test]
fn a_level_of_many_respondents_is_a_histogram() {
    let mut levels = samples::levels();
    let mut random = Random::new(9);
    let mut paths = Vec::new();
    for n in [60, 2_000] {
        levels.levels[3].values = (0..n).map(|_| (40.0 + 10.0 * random.normal()).round()).collect();
        levels.levels[3].values.sort_by(f64::total_cmp);
        let picture = picture("score_levels", &Drawing::Levels(levels.clone()), Lang::En);
        assert_sound(&picture);
        paths.push(picture.svg().matches("<path").count());
    }
    assert!(paths[1] + 50 < paths[0], "{paths:?}");
}
