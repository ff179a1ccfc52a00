//! Writes every figure in both languages into a folder, to be looked at:
//! `cargo run -p ssi-figure --example gallery -- DIR`.

#[path = "../tests/samples/mod.rs"]
mod samples;

use ssi_figure::{Theme, draw, summary};
use ssi_vocab::{Drawing, Lang};
use std::path::PathBuf;
use std::time::Instant;

#[expect(clippy::print_stdout, reason = "the example reports what each figure costs")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder to write into")?);
    std::fs::create_dir_all(&folder)?;
    let theme = Theme::default();
    let drawings = samples::drawings();
    for lang in Lang::ALL {
        for (slug, drawing) in drawings.iter().chain(&[("summary", drawings[0].1.clone())]) {
            let start = Instant::now();
            let caption = samples::caption(slug, drawing, lang);
            let picture = if *slug == "summary" {
                let caption = samples::caption("score_ssi", drawing, lang);
                summary(&samples::card(lang), drawing, &caption, &theme)?
            } else {
                draw(drawing, &caption, &theme)?
            };
            let drawn = start.elapsed();
            let png = picture.png()?;
            let made = start.elapsed() - drawn;
            println!(
                "{slug:13} {} svg {:4} kB in {:5.1} ms, png {:4} kB in {:5.1} ms",
                lang.code(),
                picture.svg().len() / 1000,
                drawn.as_secs_f64() * 1e3,
                png.len() / 1000,
                made.as_secs_f64() * 1e3
            );
            let name = format!("{slug}.{}", lang.code());
            std::fs::write(folder.join(format!("{name}.svg")), picture.svg())?;
            std::fs::write(folder.join(format!("{name}.png")), png)?;
        }
    }
    // What only goes wrong with other data and longer words.
    let mut crowd = samples::scatter(195);
    let mut random = samples::Random::new(5);
    crowd.points.x = (0..5_000).map(|_| 5.0 + 1.5 * random.normal()).collect();
    crowd.points.y =
        crowd.points.x.iter().map(|x| 5.0 * x + 8.0 * random.normal() + 10.0).collect();
    let mut null = samples::resampling();
    null.observed = 0.02;
    null.bootstrap.edges.iter_mut().for_each(|edge| *edge -= 0.58);
    for interval in &mut null.intervals {
        interval.low -= 0.58;
        interval.high -= 0.58;
    }
    let mut small = Vec::new();
    for count in [2, 3] {
        let mut few = samples::matrix();
        few.variables.truncate(count);
        few.cells.retain(|cell| cell.row < count);
        small.push((format!("few_{count}"), Drawing::Matrix(few)));
    }
    for (name, drawing) in &small {
        let caption = samples::caption("correlations", drawing, Lang::Ja);
        let picture = draw(drawing, &caption, &theme)?;
        std::fs::write(folder.join(format!("{name}.png")), picture.png()?)?;
    }
    let others =
        [("score_ssi", Drawing::Scatter(crowd)), ("resampling", Drawing::Resampling(null))];
    for (slug, drawing) in &others {
        let picture = draw(drawing, &samples::caption(slug, drawing, Lang::En), &theme)?;
        std::fs::write(folder.join(format!("other_{slug}.png")), picture.png()?)?;
    }
    for (slug, drawing) in &drawings {
        for lang in Lang::ALL {
            let picture = draw(drawing, &samples::captions::wordy(slug, drawing, lang), &theme)?;
            std::fs::write(
                folder.join(format!("long_{slug}.{}.png", lang.code())),
                picture.png()?,
            )?;
        }
    }
    Ok(())
}
