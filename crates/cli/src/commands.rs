//! One function a command: from arguments to text and an exit code.

use crate::args::{
    Cli, Command, Common, Cor, Describe, Fit, Groups, Items, Necessity, Predict, Raters, Rates,
    ScopeName, Simulate, Study, Template, Verify,
};
use crate::check::{check, with_codebook};
use crate::help;
use crate::progress::{Bar, listen, writing};
use clap::CommandFactory;
use ssi_study::{
    CorrelationRequest, Error, FitRequest, Lang, Limits, Model, NecessityRequest, Plan,
    PredictRequest, Result, Results, Rubric, ScopeKind, Simulation, Source, TableRequest, Watch,
    in_pool, tables,
};
use std::path::{Path, PathBuf};

/// What a command has to say, and how it ended.
pub(crate) struct Output {
    pub(crate) text: String,
    /// What goes to standard error, so that a script that reads the text meets no stray line.
    pub(crate) warnings: String,
    pub(crate) code: u8,
}

impl From<String> for Output {
    fn from(text: String) -> Self {
        Self { text, warnings: String::new(), code: 0 }
    }
}

pub(crate) fn run(cli: Cli) -> Result<Output> {
    listen(cli.common.lang.into());
    let threads = cli.common.threads;
    let Some(command) = cli.command else {
        let mut whole = match cli.common.lang.into() {
            Lang::En => Cli::command(),
            Lang::Ja => help::japanese(false),
        };
        return Ok(whole.render_help().to_string().into());
    };
    in_pool(threads, move || dispatch(command, &cli.common))?
}

fn dispatch(command: Command, common: &Common) -> Result<Output> {
    match command {
        Command::Study(args) => study(args, common),
        Command::Check(args) => check(&args, common),
        Command::Describe(args) => describe(&args, common),
        Command::Cor(args) => cor(args, common),
        Command::Fit(args) => fit(&args, common),
        Command::Groups(args) => groups(&args, common),
        Command::Rates(args) => rates(&args, common),
        Command::Necessity(args) => necessity(&args, common),
        Command::Predict(args) => predict(&args, common),
        Command::Items(args) => items(&args, common),
        Command::Raters(args) => raters(&args, common),
        Command::Template(args) => template(&args, common),
        Command::Simulate(args) => simulate(&args, common),
        Command::Verify(args) => verify(&args, common),
    }
}

fn study(args: Study, common: &Common) -> Result<Output> {
    let plan = plan(&args, common)?;
    if args.write_plan {
        return Ok(plan.to_toml().into());
    }
    let source = match &args.cohort {
        Some(path) => open(path, common)?,
        None => Source::reference(),
    };
    let out = args.out.unwrap_or_else(|| Path::new("reports").join(plan.study_name(&source)));
    let (key, warnings) = args.pseudonyms.key(Some(&out), common.lang.into())?;
    let bar = Bar::new(common.lang.into());
    ssi_study::check_folder(&out)?;
    let source = source.pseudonymised(key);
    let run = |codebook: Option<String>| {
        let plan = Plan { codebook: plan.codebook.clone().or(codebook), ..plan.clone() };
        ssi_study::study(source.clone(), plan, &bar)
    };
    let (study, note) = match &args.cohort {
        Some(path) if plan.codebook.is_none() => with_codebook(path, common, run)?,
        _ => (run(None)?, String::new()),
    };
    study.write(&out, &bar)?;
    drop(bar);
    let text = study.show(common.format.into(), common.lang.into(), &out);
    Ok(Output { text, warnings: warnings + &note, code: 0 })
}

/// The default plan, under the plan file, under the command line.
fn plan(args: &Study, common: &Common) -> Result<Plan> {
    let mut plan = match &args.plan {
        Some(path) => {
            let source = open(path, common)?;
            let name = source.name.clone();
            Plan::parse(&source.text()?, &name)?
        }
        None => Plan::default(),
    };
    plan.level = common.level.unwrap_or(plan.level);
    plan.seed = common.seed.unwrap_or(plan.seed);
    plan.resamples = common.resamples.unwrap_or(plan.resamples);
    plan.permutations = common.resamples.unwrap_or(plan.permutations);
    plan.filter = common.filter.clone().or(plan.filter);
    plan.by = common.by.clone().or(plan.by);
    plan.columns.extend(pairs(&common.map)?);
    plan.privacy.local &= !args.public;
    plan.codebook = match &common.codebook {
        Some(path) => Some(codebook(path, common)?),
        None => plan.codebook,
    };
    plan.reading = common.reading.over(plan.reading);
    plan.checked()
}

pub(crate) fn codebook(path: &Path, common: &Common) -> Result<String> {
    open(path, common)?.text()
}

/// A file within the limits of the command line.
pub(crate) fn open(path: &Path, common: &Common) -> Result<Source> {
    Source::open_within(path, limits(common)?, Watch::new(Bar::new(common.lang.into())))
}

fn limits(common: &Common) -> Result<Limits> {
    let mut limits = Limits::default();
    for text in &common.limit {
        limits.set(text).map_err(|_| {
            let names: Vec<&str> = Limits::default().named().map(|(name, _)| name).collect();
            let names = names.join(", ");
            Error::usage(
                format!("--limit takes NAME=NUMBER with one of {names}, such as rows=30000000; found `{text}`"),
                format!("--limit は NAME=NUMBER の形で指定してください（NAME は {names} のいずれか。例：rows=30000000）。指定された値：`{text}`"),
            )
        })?;
    }
    Ok(limits)
}

/// The pairs of `--map`. A comma separates two of them where a name and `=` follow it; any other
/// belongs to a header.
pub(crate) fn pairs(map: &[String]) -> Result<Vec<(String, String)>> {
    let begins_pair = |text: &str| {
        let name = text.split_once('=').map(|(name, _)| name.trim());
        name.is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    };
    let split = |text: &String| {
        let mut parts: Vec<String> = Vec::new();
        for part in text.split(',') {
            match parts.last_mut().filter(|_| !begins_pair(part)) {
                Some(last) => *last += &format!(",{part}"),
                None => parts.push(part.to_owned()),
            }
        }
        parts
    };
    let pair = |text: String| match text.split_once('=') {
        Some((name, column)) if !name.trim().is_empty() && !column.trim().is_empty() => {
            Ok((name.trim().to_owned(), column.trim().to_owned()))
        }
        _ => Err(Error::usage(
            format!("--map takes NAME=COLUMN, such as ssi_total=SSI; found `{text}`"),
            format!(
                "--map は NAME=COLUMN の形で指定してください（例：ssi_total=SSIスコア）。指定された値：`{text}`"
            ),
        )),
    };
    map.iter().flat_map(split).map(pair).collect()
}

fn request(file: &Path, common: &Common) -> Result<TableRequest> {
    Ok(TableRequest {
        source: open(file, common)?,
        map: pairs(&common.map)?,
        options: common.reading.options(),
        filter: common.filter.clone(),
        by: common.by.clone(),
        codebook: common.codebook.as_deref().map(|path| codebook(path, common)).transpose()?,
        level: common.level,
    })
}

fn shown(results: &Results, common: &Common) -> Output {
    let (format, lang) = (common.format.into(), common.lang.into());
    let text = ssi_study::show(results, format, lang);
    Output { text, warnings: ssi_study::warnings(results, lang), code: 0 }
}

fn describe(args: &Describe, common: &Common) -> Result<Output> {
    let results = tables::describe(&request(&args.file, common)?, &args.columns, args.missing)?;
    Ok(shown(&results, common))
}

fn cor(args: Cor, common: &Common) -> Result<Output> {
    let wanted = CorrelationRequest {
        pair: args.x.zip(args.y),
        methods: args.method,
        partial: args.partial,
        semipartial: args.semipartial,
        with: args.with,
        compare: args.compare,
        intervals: args.interval,
        tests: args.test,
        bound: args.bound,
        prior: args.prior,
        reliability: args.reliability,
        cluster: args.cluster,
        resamples: common.resamples,
        seed: common.seed,
    };
    let bar = Bar::new(common.lang.into());
    let results = tables::correlate(&request(&args.file, common)?, &wanted, &bar)?;
    drop(bar);
    Ok(shown(&results, common))
}

fn fit(args: &Fit, common: &Common) -> Result<Output> {
    let wanted = FitRequest {
        formula: args.formula.clone(),
        model: args.model.parse()?,
        tau: args.tau.clone(),
        lower: args.lower,
        upper: args.upper,
        at: args.at.clone(),
        random: args.random.clone(),
        ml: args.ml,
        l1_ratio: args.l1_ratio,
        capped: args.capped.clone(),
        intervals: args.interval.clone(),
        cross_validate: args.cross_validate,
        dependence: args.dependence.clone(),
        importance: args.importance,
        resamples: common.resamples,
        seed: common.seed,
        se: args.se.clone(),
        weights: args.weights.clone(),
        weight_kind: args.weight_kind.clone(),
        anova: args.anova,
        against: args.against.clone(),
        standardised: args.standardised,
        diagnostics: args.diagnostics,
        augment: args.augment.is_some(),
    };
    let bar = Bar::new(common.lang.into());
    let fitted = tables::fit(&request(&args.file, common)?, &wanted, &bar)?;
    drop(bar);
    if let Some(path) = &args.augment {
        writing();
        fitted.write_augment(path)?;
    }
    Ok(shown(&fitted.results, common))
}

fn groups(args: &Groups, common: &Common) -> Result<Output> {
    let request = request(&args.file, common)?;
    let results = tables::groups(&request, &args.formula, &args.method, args.pairs)?;
    Ok(shown(&results, common))
}

fn rates(args: &Rates, common: &Common) -> Result<Output> {
    let results = match (&args.event, args.rates.as_slice()) {
        (None, texts) => tables::rates_of(texts, common.level)?,
        (Some(event), [file]) => {
            tables::rates(&request(Path::new(file), common)?, event, args.group.as_deref())?
        }
        (Some(_), files) => {
            return Err(Error::usage(
                format!("--event belongs to one table, and {} are named", files.len()),
                format!(
                    "--event を使うときは、ファイルを1つだけ指定してください（指定された数：{}）",
                    files.len()
                ),
            ));
        }
    };
    Ok(shown(&results, common))
}

fn necessity(args: &Necessity, common: &Common) -> Result<Output> {
    let (x, y) = (ends("--scope-x", &args.scope_x)?, ends("--scope-y", &args.scope_y)?);
    let scope = match args.scope {
        ScopeName::Theoretical => ScopeKind::Theoretical { x, y },
        ScopeName::Empirical if x.is_none() && y.is_none() => ScopeKind::Empirical,
        ScopeName::Empirical => {
            return Err(Error::usage(
                "--scope-x and --scope-y are ends of scales; add --scope theoretical".to_owned(),
                "--scope-x と --scope-y は尺度の両端です。--scope theoretical も指定してください"
                    .to_owned(),
            ));
        }
    };
    let counterexamples = ends("--counterexamples", &args.counterexamples)?.map(|[y, x]| (y, x));
    let wanted = NecessityRequest {
        x: args.x.clone(),
        y: args.y.clone(),
        scope,
        counterexamples,
        permutations: common.resamples,
        seed: common.seed,
    };
    let bar = Bar::new(common.lang.into());
    let results = tables::necessary(&request(&args.file, common)?, &wanted, &bar)?;
    drop(bar);
    Ok(shown(&results, common))
}

/// Two numbers of an option, if any are given.
fn ends(option: &str, given: &[f64]) -> Result<Option<[f64; 2]>> {
    match given {
        [] => Ok(None),
        [a, b] if a.is_finite() && b.is_finite() => Ok(Some([*a, *b])),
        _ => Err(Error::usage(
            format!("{option} takes two numbers with a comma between them, such as 0,10"),
            format!("{option} には 0,10 のように、数値を2つコンマで区切って指定してください"),
        )),
    }
}

fn predict(args: &Predict, common: &Common) -> Result<Output> {
    let (key, warnings) = args.pseudonyms.key(None, common.lang.into())?;
    let (model, people) = (Model::open(&args.model)?, request(&args.file, common)?);
    let people = TableRequest { source: people.source.pseudonymised(key), ..people };
    let (results, note) = with_codebook(&args.file, common, |codebook| {
        ssi_study::predict(&PredictRequest {
            model: model.clone(),
            people: TableRequest { codebook, ..people.clone() },
            rubric: args.rubric_version.clone(),
            two_phase: args.two_phase,
        })
    })?;
    if let Some(path) = &args.out {
        writing();
        ssi_study::write_scored(&results, path)?;
    }
    let output = shown(&results, common);
    Ok(Output { warnings: warnings + &note + &output.warnings, ..output })
}

fn items(args: &Items, common: &Common) -> Result<Output> {
    let rubric = match &args.rubric {
        None => None,
        Some(path) => {
            let source = open(path, common)?;
            let name = source.name.clone();
            Some(Rubric::parse(&source.text()?, &name)?)
        }
    };
    let request = request(&args.file, common)?;
    let bar = Bar::new(common.lang.into());
    let how = tables::resampling(common.resamples, common.seed)?;
    let results = tables::items(&request, &args.items, rubric.as_ref(), &how, &bar)?;
    drop(bar);
    Ok(shown(&results, common))
}

fn raters(args: &Raters, common: &Common) -> Result<Output> {
    let request = request(&args.file, common)?;
    let bar = Bar::new(common.lang.into());
    let how = tables::resampling(common.resamples, common.seed)?;
    let results = tables::raters(&request, &args.items, &how, &bar)?;
    drop(bar);
    Ok(shown(&results, common))
}

fn template(args: &Template, common: &Common) -> Result<Output> {
    writing();
    let written = ssi_study::write_template(common.lang.into(), &args.out)?;
    let line = |path: &PathBuf| format!("{}\n", path.display());
    Ok(written.iter().map(line).collect::<String>().into())
}

fn simulate(args: &Simulate, common: &Common) -> Result<Output> {
    let seed = common.seed.unwrap_or(ssi_study::REFERENCE_SEED);
    let csv = Simulation { n: args.n as usize, seed, variant: args.variant }.csv();
    match &args.out {
        None => Ok(csv.into()),
        Some(path) => {
            writing();
            ssi_study::write_file(path, csv.as_bytes())?;
            Ok(format!("{}\n", path.display()).into())
        }
    }
}

fn verify(args: &Verify, common: &Common) -> Result<Output> {
    let bar = Bar::new(common.lang.into());
    let cohort = args.cohort.as_deref().map(|path| open(path, common)).transpose()?;
    let verdict = ssi_study::verify(&args.dir, cohort, &bar)?;
    drop(bar);
    let text = verdict.show(common.format.into(), common.lang.into());
    Ok(Output { code: u8::from(!verdict.agrees()), ..text.into() })
}
