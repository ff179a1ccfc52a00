//! The report of a study: one order of sections, for every renderer and both languages.

use crate::blocks::{Block, Document, Section};
use crate::caption;
use crate::findings::{Findings, PILLARS, WITHOUT_BRAND};
use crate::number;
use crate::sentences::{
    answer, claims, correlation, diagnostics, items, methods, missing, primary, regression,
    resampling, sample, sessions, shape, views, warnings,
};
use crate::tables::{self, First, Naming};
use crate::terms::word;
use ssi_vocab::{Check, Estimate, Lang, Results};

/// Exclusions that the page lists one by one; the rest stands in `excluded.csv`.
const LISTED: usize = 100;

/// The report of a study in one language. Results that are absent leave out what rests on them.
pub fn document(results: &Results, lang: Lang) -> Document {
    let build = Build { f: Findings::new(results), lang };
    let sections = [
        ("answer", "page.question", build.first_screen()),
        ("sample", "page.sample", build.sample()),
        ("missing", "page.missing", build.missing()),
        ("claims", "page.claims", build.claims()),
        ("relation", "page.relation_of", build.relation()),
        ("pillars", "page.pillars", build.pillars()),
        ("models", "page.models", build.models()),
        ("shape", "page.shape", build.shape()),
        ("sessions", "page.sessions", build.sessions()),
        ("views", "page.views", build.views()),
        ("items", "page.items", build.items()),
        ("matrix", "page.matrix", build.matrix()),
        ("resampling", "page.resampling", build.resampling()),
        ("diagnostics", "page.diagnostics", build.diagnostics()),
        ("exclusions", "page.exclusions", build.exclusions()),
        ("warnings", "page.warnings", build.warnings()),
        ("methods", "page.methods", build.methods()),
    ];
    Document {
        lang,
        title: build.title("page.question"),
        mark: build.f.mark(lang),
        sections: sections
            .into_iter()
            .filter(|(_, _, blocks)| !blocks.is_empty())
            .map(|(id, title, blocks)| Section { id, title: build.title(title), blocks })
            .collect(),
    }
}

#[derive(Clone, Copy)]
struct Build<'a> {
    f: Findings<'a>,
    lang: Lang,
}

impl<'a> Build<'a> {
    fn figure(self, slug: &str) -> Option<Block> {
        let caption = Box::new(caption::for_drawing(slug, self.f.results, self.lang)?);
        Some(Block::Figure { slug: slug.to_owned(), caption })
    }

    fn say(self, key: &'static str) -> String {
        word(self.lang, key).to_owned()
    }

    fn title(self, key: &'static str) -> String {
        match key {
            "page.question" => answer::question(self.f, self.lang),
            key => self.f.fill(word(self.lang, key), self.lang),
        }
    }

    /// Sentences of one paragraph: with spaces between them in English, without in Japanese.
    fn paragraph(self, sentences: impl IntoIterator<Item = String>) -> Option<Block> {
        let sentences: Vec<String> = sentences.into_iter().collect();
        let text = match self.lang {
            Lang::En => sentences.join(" "),
            Lang::Ja => sentences.concat(),
        };
        (!text.is_empty()).then_some(Block::Paragraph(text))
    }

    fn first_screen(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let mut out = vec![Block::Answer(answer::whole(f, lang))];
        out.extend(answer::causation(f, lang).map(Block::Paragraph));
        let background = answer::background(f, lang);
        out.extend(background.map(|text| Block::Remark(text.to_owned())));
        out.extend(self.figure("score_ssi"));
        let reading =
            self.paragraph(answer::slope(f, lang).into_iter().chain(answer::reading(f, lang)));
        let spread = answer::spread(f, lang);
        if let Some(reading) = reading {
            out.push(Block::Subheading(self.say("page.reading")));
            out.push(reading);
            out.extend(spread.map(Block::Paragraph));
        }
        if let Some(c7) = f.hypothesis() {
            out.push(Block::Subheading(self.say("page.claim")));
            out.push(Block::Paragraph(primary::verdict(f, c7, lang)));
            out.extend(self.paragraph(primary::why(f, c7, lang)));
        }
        out
    }

    /// Every claim of the article with its verdict, then the rules and the numbers behind them.
    fn claims(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let claims = f.claims();
        // The primary hypothesis alone has its place on the first screen.
        if claims.len() < 2 {
            return Vec::new();
        }
        let mut out = Vec::new();
        out.extend(self.paragraph(claims::summary(f, lang)));
        out.push(Block::Table(tables::claims(f, &claims, lang)));
        let figures = ["necessity", "calibration", "bland_altman", "outreach", "network"];
        out.extend(figures.iter().filter_map(|slug| self.figure(slug)));
        out.push(Block::Details {
            summary: self.say("details.rules"),
            blocks: vec![
                Block::Paragraph(word(lang, "claims.rules").to_owned()),
                Block::List(claims.iter().filter_map(|c| claims::rule(f, c, lang)).collect()),
            ],
        });
        let evidence = tables::evidence(f, &claims, lang);
        let blocks = vec![Block::Table(evidence)];
        out.push(Block::Details { summary: self.say("details.evidence"), blocks });
        out.extend(tables::corners(f.results, lang).map(|table| {
            Block::Details {
                summary: self.say("details.corners"),
                blocks: std::iter::once(table)
                    .chain(tables::corner_details(f.results, lang))
                    .map(Block::Table)
                    .collect(),
            }
        }));
        out
    }

    fn sample(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let mut out = Vec::new();
        if let Some(study) = &f.results.study {
            out.extend(self.paragraph(sample::who(f, study, lang)));
        }
        out.extend(tables::description(f.results, lang, Naming::Worded).map(Block::Table));
        out.extend(sample::means(f, lang).map(|text| Block::Remark(text.to_owned())));
        let left_out = tables::counts(f.results);
        if !left_out.is_empty() {
            out.push(Block::Table(tables::left_out(&left_out, lang)));
            let both = sample::lacks_both(f, lang);
            out.extend(both.map(Block::Remark));
        }
        out
    }

    fn missing(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        if f.results.missing.is_empty() {
            return Vec::new();
        }
        let mut out = vec![Block::Paragraph(missing::explained(f, lang).to_owned())];
        out.extend(missing::conclusion(f, lang).map(Block::Paragraph));
        out.push(Block::Table(tables::missing(f.results, lang, Naming::Worded)));
        out.extend(self.figure("missing"));
        out.extend(tables::treated(f, lang).map(Block::Table));
        out.extend(missing::imputation(f, lang).map(Block::Remark));
        out.extend(missing::prorated(f, lang).map(|text| Block::Remark(text.to_owned())));
        out
    }

    fn correlations(self, rows: &[&'a Estimate], first: First, key: &'static str) -> Option<Block> {
        (!rows.is_empty()).then(|| {
            let caption = self.f.fill(word(self.lang, key), self.lang);
            // The pair's own table has a row for each interval.
            let apart = key == "table.pillars";
            let beside = |e: &'a Estimate| self.f.jackknife_beside(e).filter(|_| apart);
            let naming = Naming::Worded;
            Block::Table(tables::correlations(rows, &beside, first, caption, self.lang, naming))
        })
    }

    fn relation(self) -> Vec<Block> {
        let rows: Vec<&Estimate> = self.f.primary_rows().collect();
        let mut out = Vec::new();
        out.extend(correlation::methods_agree(self.f, self.lang).map(Block::Paragraph));
        out.extend(correlation::jackknife(self.f, self.lang).map(Block::Paragraph));
        out.extend(self.correlations(&rows, First::None, "table.relation"));
        out.extend(self.figure("score_levels"));
        let groups = self.f.groups();
        out.extend(self.correlations(&groups, First::None, "table.groups"));
        let public = self.f.results.study.as_ref().is_some_and(|study| !study.local);
        if public && !groups.is_empty() {
            out.push(Block::Remark(self.say("groups.excluded")));
        }
        out
    }

    fn pillars(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let names = PILLARS.into_iter().chain([WITHOUT_BRAND]);
        let rows: Vec<&Estimate> = names.filter_map(|name| f.with_score(name)).collect();
        let Some(table) = self.correlations(&rows, First::Partner, "table.pillars") else {
            return Vec::new();
        };
        let mut out = vec![Block::Paragraph(correlation::why_without_brand(lang).to_owned())];
        out.extend(self.paragraph(
            correlation::pillars(f, lang).into_iter().chain(correlation::without_brand(f, lang)),
        ));
        out.push(table);
        out.extend(correlation::shares(f, lang).map(Block::Paragraph));
        out
    }

    fn models(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let shown: Vec<_> = ["main", "contacts"].into_iter().filter_map(|id| f.model(id)).collect();
        if shown.is_empty() {
            return Vec::new();
        }
        let mut out = Vec::new();
        let text = answer::slope(f, lang).into_iter().chain(regression::contacts(f, lang));
        out.extend(self.paragraph(text));
        out.extend(self.figure("coefficients"));
        out.push(Block::Paragraph(regression::two_errors(f, lang)));
        for model in &shown {
            let rows = f.coefficients(&model.id);
            if rows.is_empty() {
                continue;
            }
            let name = crate::phrase::plain(&regression::model_name(f, &model.id, lang));
            let caption = word(lang, "table.coefficients").replace("{model}", &name);
            out.push(Block::Table(tables::two_errors(f, &rows, caption, lang)));
            out.push(Block::Code(model.formula.clone()));
        }
        out.push(Block::Table(tables::models(f, &shown, lang)));
        out.extend(regression::counted(f, lang).map(Block::Remark));
        out
    }

    fn shape(self) -> Vec<Block> {
        let Some(figure) = self.figure("shape") else { return Vec::new() };
        let mut out: Vec<Block> =
            self.paragraph(shape::explained(self.f, self.lang)).into_iter().collect();
        out.push(figure);
        out
    }

    fn sessions(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let Some(text) = sessions::explained(f, lang) else { return Vec::new() };
        let table = tables::sessions(f, self.say("table.sessions"), lang);
        vec![Block::Paragraph(text), Block::Table(table)]
    }

    fn views(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let rows = f.views();
        let Some(figure) = self.figure("models").filter(|_| rows.len() > 1) else {
            return Vec::new();
        };
        let mut out = vec![Block::Paragraph(views::explained(lang).to_owned()), figure];
        out.push(Block::Table(tables::views(f, &rows, self.say("table.views"), lang)));
        out
    }

    fn items(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let mut out: Vec<Block> = self.figure("item_curves").into_iter().collect();
        let tables = tables::reliability(f.results, lang, Naming::Worded);
        out.extend(tables.into_iter().map(Block::Table));
        let Some(model) = f.model("items") else { return out };
        let text =
            items::cross_validated(f, model, lang).into_iter().chain(items::shrunk(model, lang));
        out.extend(self.paragraph(text));
        let rows = f.coefficients("items");
        // Where the model predicts no better than the mean, its weights are shrunk to next to
        // nothing and say nothing.
        let useful = model.glance.cv_r_squared.is_none_or(|r2| r2 > 0.0);
        if useful && !rows.is_empty() {
            let caption = self.say("table.items");
            out.push(Block::Table(tables::weights(&rows, caption, lang)));
        }
        out
    }

    fn matrix(self) -> Vec<Block> {
        let mut out = Vec::new();
        let rows = self.f.matrix();
        let figure = self.figure("correlations");
        if figure.is_none() && rows.is_empty() {
            return out;
        }
        out.push(Block::Paragraph(correlation::matrix(self.lang).to_owned()));
        out.extend(figure);
        if let Some(table) = self.correlations(&rows, First::Pair, "table.matrix") {
            out.push(Block::Details { summary: self.say("details.matrix"), blocks: vec![table] });
        }
        out
    }

    fn resampling(self) -> Vec<Block> {
        let mut out = Vec::new();
        out.extend(self.paragraph(resampling::explained(self.f, self.lang)));
        out.extend(self.figure("resampling"));
        out
    }

    fn diagnostics(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let mut out = Vec::new();
        let figure = self.figure("diagnostics");
        let main = f.model("main").map(|m| &m.glance).filter(|g| !g.checks.is_empty());
        // One predictor cannot repeat another: its condition number says nothing.
        let one = main.is_some_and(|g| g.df.is_none_or(|df| df <= 1.0));
        let checks = main.map(|g| {
            let told = |c: &&Check| !(one && c.name == "condition_number");
            (g.checks.iter().filter(told).collect::<Vec<_>>(), g.n_obs)
        });
        if figure.is_none() && checks.is_none() {
            return out;
        }
        let text = diagnostics::explained(f, lang).into_iter().map(str::to_owned);
        out.extend(self.paragraph(text));
        out.extend(figure);
        out.extend(checks.map(|(checks, n)| Block::Table(tables::checks(&checks, n, lang))));
        out
    }

    fn exclusions(self) -> Vec<Block> {
        let (results, lang) = (self.f.results, self.lang);
        let mut out = Vec::new();
        if results.changes.is_empty() {
            out.push(Block::Paragraph(sample::nothing_changed(lang).to_owned()));
        } else {
            out.push(Block::Table(tables::changes(&results.changes, lang)));
        }
        let left_out = tables::counts(results);
        if left_out.is_empty() {
            out.push(Block::Paragraph(sample::nothing_left_out(lang).to_owned()));
            return out;
        }
        if results.excluded.is_empty() {
            out.push(Block::Table(tables::left_out(&left_out, lang)));
            return out;
        }
        let all = tables::once(&results.excluded);
        let listed = &all[..all.len().min(LISTED)];
        let hidden = all.len() - listed.len();
        let mut blocks = vec![Block::Table(tables::excluded(listed, lang))];
        if hidden > 0 {
            blocks.push(Block::Remark(sample::more_rows(hidden, lang)));
        }
        out.push(Block::Details { summary: self.say("details.excluded"), blocks });
        out
    }

    fn warnings(self) -> Vec<Block> {
        let (results, lang) = (self.f.results, self.lang);
        if results.warnings.is_empty() {
            return vec![Block::Paragraph(sample::nothing_to_warn(lang).to_owned())];
        }
        vec![Block::List(warnings::all(&results.warnings, lang))]
    }

    fn methods(self) -> Vec<Block> {
        let (f, lang) = (self.f, self.lang);
        let mut out = vec![Block::Paragraph(methods::general(f, lang))];
        let used: Vec<String> =
            methods::used(f.results, lang).into_iter().map(str::to_owned).collect();
        if !used.is_empty() {
            out.push(Block::List(used));
        }
        let Some(study) = &f.results.study else { return out };
        out.push(Block::Paragraph(methods::privacy(study, lang)));
        let input = &study.input;
        let twice = input.rated_twice.map(number::count);
        let dropped = Some(input.rows_dropped).filter(|n| *n > 0);
        let facts = [
            ("fact.file", Some(input.name.clone())),
            ("fact.sha256", Some(input.sha256.clone())),
            ("fact.rows", input.rows_read.map(number::count)),
            ("fact.rows_excluded", Some(number::count(input.rows_excluded))),
            ("fact.rows_dropped", dropped.map(number::count)),
            ("fact.respondents", Some(number::count(input.respondents))),
            ("fact.rated_twice", twice.or_else(|| Some(sample::rated_twice(study, lang)))),
            ("fact.level", Some(number::level(study.level))),
            ("fact.seed", Some(study.seed.to_string())),
            ("fact.resamples", Some(number::count(study.resamples))),
            ("fact.permutations", Some(number::count(study.permutations))),
            ("fact.smallest_group", Some(number::count(study.smallest_group))),
            ("fact.version", Some(format!("ssi-study {}", study.version))),
        ];
        let told = facts.into_iter().filter_map(|(key, value)| Some((self.say(key), value?)));
        out.push(Block::Facts(told.collect()));
        out.push(Block::List(methods::files(lang).map(str::to_owned).to_vec()));
        out.push(Block::Paragraph(methods::rerun(lang).to_owned()));
        out.push(Block::Code(methods::commands(study, &f.results.changes)));
        if let Some(made) = methods::reference_data(study, lang) {
            out.push(Block::Paragraph(made.to_owned()));
            out.push(Block::Code(methods::REFERENCE_COMMAND.to_owned()));
        }
        out.push(Block::Details {
            summary: self.say("details.plan"),
            blocks: vec![Block::Code(study.plan.trim_end().to_owned())],
        });
        out
    }
}
