//! What each interval, test and model is, with a reference; and how to run it all again.

use crate::findings::Findings;
use crate::phrase::spaced;
use ssi_vocab::{Change, Lang, Results, Rule, StudyFacts};
use std::collections::BTreeSet;

/// The methods that these results used, each explained once.
pub(crate) fn used(results: &Results, lang: Lang) -> Vec<&'static str> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for e in &results.estimates {
        names.insert(&e.method);
        names.extend(e.vcov.as_deref());
        names.extend(e.interval.as_ref().map(|i| i.method.as_str()));
        names.extend(e.test.as_ref().map(|t| t.method.as_str()));
        if e.test.as_ref().is_some_and(|t| t.p_holm.is_some()) {
            names.insert("holm");
        }
    }
    for model in &results.models {
        names.extend(model.glance.checks.iter().map(|c| c.name.as_str()));
        names.extend((!model.glance.scaled_prediction.is_empty()).then_some("scaled_jackknife"));
    }
    names.extend(results.drawings.contains_key("shape").then_some("isotonic"));
    let order = [
        "hall",
        "fisher_z",
        "jackknife_z",
        "bca",
        "permutation",
        "bonett_wright",
        "kendall",
        "holm",
        "ols",
        "hc3",
        "hc3_bm",
        "rubin",
        "scaled_jackknife",
        "huber",
        "bisquare",
        "mm",
        "theil_sen",
        "quantile",
        "spline",
        "isotonic",
        "fractional",
        "beta",
        "mixed",
        "ridge",
        "elastic_net",
        "grm",
        "rasch",
        "breusch_pagan",
        "max_cooks_d",
    ];
    order
        .into_iter()
        .filter(|name| names.contains(name))
        .filter_map(|name| method(name, lang))
        .collect()
}

fn method(name: &str, lang: Lang) -> Option<&'static str> {
    Some(match (name, lang) {
        ("hall", Lang::En) => {
            "Mean: t interval with n − 1 degrees of freedom; beside it Hall's, by a cubic transformation that removes the skewness of the t statistic. Hall (1992), doi:10.1111/j.2517-6161.1992.tb01876.x."
        }
        ("hall", Lang::Ja) => {
            "平均：自由度 n − 1 の t 分布による信頼区間と、t 統計量の歪みを3次の変換で取り除くホール法の信頼区間を併記。Hall (1992), doi:10.1111/j.2517-6161.1992.tb01876.x."
        }
        ("fisher_z", Lang::En) => {
            "Pearson's r: interval by Fisher's z transformation, standard error 1/√(n − 3); test by t with n − 2 degrees of freedom. Fisher (1915), doi:10.2307/2331838."
        }
        ("fisher_z", Lang::Ja) => {
            "ピアソンの相関係数：信頼区間はフィッシャーの z 変換（標準誤差 1/√(n − 3)）、検定は自由度 n − 2 の t 検定。Fisher (1915), doi:10.2307/2331838."
        }
        ("jackknife_z", Lang::En) => {
            "Jackknife: each respondent left out in turn, on Fisher's z scale, with Student's t; beside Fisher's interval and that of Bonett and Wright, which are too narrow where the data are strongly skewed, or their spread changes along the line. Duncan and Layard (1973), doi:10.1093/biomet/60.3.551; Miller (1974), doi:10.1093/biomet/61.1.1."
        }
        ("jackknife_z", Lang::Ja) => {
            "ジャックナイフ法：回答者を1人ずつ除いて z 変換した値を求め、t 分布で区間を作る。フィッシャーの区間、ボネット・ライト法の区間（分布が強く歪むか、ばらつきが一様でないと狭すぎる）と併記。Duncan and Layard (1973), doi:10.1093/biomet/60.3.551; Miller (1974), doi:10.1093/biomet/61.1.1."
        }
        ("scaled_jackknife", Lang::En) => {
            "Prediction band: residuals of respondents left out in turn, over a spread that changes along the line; the share asked for is read off their order, so that no distribution is assumed. Lei and others (2018), doi:10.1080/01621459.2017.1307116; Steinberger and Leeb (2023), doi:10.1214/22-AOS2250."
        }
        ("scaled_jackknife", Lang::Ja) => {
            "予測帯：回答者を1人ずつ除いた残差を、直線に沿って変わるばらつきで割り、その順位から幅を決める。分布は仮定しない。Lei ほか (2018), doi:10.1080/01621459.2017.1307116; Steinberger and Leeb (2023), doi:10.1214/22-AOS2250."
        }
        ("bca", Lang::En) => {
            "BCa: bootstrap interval corrected for bias and acceleration, beside Fisher's. Efron (1987), doi:10.1080/01621459.1987.10478410."
        }
        ("bca", Lang::Ja) => {
            "BCa：偏りと加速を補正したブートストラップ信頼区間（フィッシャーの区間と併記）。Efron (1987), doi:10.1080/01621459.1987.10478410."
        }
        ("permutation", Lang::En) => {
            "Permutation p: scores shuffled at random, statistic studentised so that the test is one of ρ = 0 even where the spread is unequal; p = (k + 1)/(B + 1). DiCiccio and Romano (2017), doi:10.1080/01621459.2016.1202117."
        }
        ("permutation", Lang::Ja) => {
            "並べ替え検定：得点を無作為に並べ替え、ばらつきが一様でなくても ρ = 0 の検定となるようスチューデント化した統計量を使用。p = (k + 1)/(B + 1)。DiCiccio and Romano (2017), doi:10.1080/01621459.2016.1202117."
        }
        ("bonett_wright", Lang::En) => {
            "Spearman's ρ: interval on the z scale with variance (1 + ρ²/2)/(n − 3). Bonett and Wright (2000), doi:10.1007/BF02294183."
        }
        ("bonett_wright", Lang::Ja) => {
            "スピアマンの順位相関係数：z 変換した尺度で分散を (1 + ρ²/2)/(n − 3) とする信頼区間。Bonett and Wright (2000), doi:10.1007/BF02294183."
        }
        ("kendall", Lang::En) => {
            "Kendall's τ-b: corrected for ties; interval by the delta method on the z scale, test by the tie-corrected normal approximation. Kendall (1945), doi:10.1093/biomet/33.3.239; Brown and Benedetti (1977), doi:10.1080/01621459.1977.10480995."
        }
        ("kendall", Lang::Ja) => {
            "ケンドールの順位相関係数 τ-b：同順位を補正。信頼区間は z 変換した尺度でのデルタ法、検定は同順位を補正した正規近似。Kendall (1945), doi:10.1093/biomet/33.3.239; Brown and Benedetti (1977), doi:10.1080/01621459.1977.10480995."
        }
        ("holm", Lang::En) => {
            "Adjusted p-values: Holm's method and that of Benjamini and Hochberg (BH), over the pairs of the matrix. Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x."
        }
        ("holm", Lang::Ja) => {
            "調整済み p 値：ホルム法とベンジャミニ・ホッホバーグ法（BH）。相関行列のすべての組を対象に調整。Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x."
        }
        ("ols", Lang::En) => {
            "Regression: ordinary least squares; AIC and BIC count the residual SD as a parameter, as R does."
        }
        ("ols", Lang::Ja) => {
            "回帰：最小二乗法。AIC と BIC では R と同じく残差の標準偏差も母数に数える。"
        }
        ("hc3", Lang::En) => {
            "HC3: standard errors that hold where the spread is unequal. MacKinnon and White (1985), doi:10.1016/0304-4076(85)90158-7; Long and Ervin (2000), doi:10.1080/00031305.2000.10474549."
        }
        ("hc3", Lang::Ja) => {
            "HC3：ばらつきが一様でなくても使える頑健標準誤差。MacKinnon and White (1985), doi:10.1016/0304-4076(85)90158-7; Long and Ervin (2000), doi:10.1080/00031305.2000.10474549."
        }
        ("hc3_bm", Lang::En) => {
            "HC3 with Bell and McCaffrey's degrees of freedom: Satterthwaite's, for each coefficient and each place of the line, from the leverages. Bell and McCaffrey (2002), Survey Methodology 28, 169–181; Imbens and Kolesár (2016), doi:10.1162/REST_a_00552."
        }
        ("hc3_bm", Lang::Ja) => {
            "HC3 とベル・マキャフリーの自由度：てこ比から、係数ごと、直線上の位置ごとにサタスウェイトの自由度を求める。Bell and McCaffrey (2002), Survey Methodology 28, 169–181; Imbens and Kolesár (2016), doi:10.1162/REST_a_00552."
        }
        ("rubin", Lang::En) => {
            "Multiple imputation: chained equations with predictive mean matching (type 1), pooled by Rubin's rules, r on Fisher's z scale, with Barnard and Rubin's degrees of freedom. Rubin (1987), doi:10.1002/9780470316696; van Buuren (2018), doi:10.1201/9780429492259."
        }
        ("rubin", Lang::Ja) => {
            "多重代入：連鎖方程式と予測平均マッチング（タイプ1）で欠測を補い、ルービンの規則で統合（r はフィッシャーの z の尺度、自由度はバーナード・ルービン）。Rubin (1987), doi:10.1002/9780470316696; van Buuren (2018), doi:10.1201/9780429492259."
        }
        ("ridge", Lang::En) => {
            "Ridge regression of the ten items, judged by cross-validation. Hoerl and Kennard (1970), doi:10.1080/00401706.1970.10488634."
        }
        ("ridge", Lang::Ja) => {
            "10項目のリッジ回帰：交差検証で予測の精度を評価。Hoerl and Kennard (1970), doi:10.1080/00401706.1970.10488634."
        }
        ("elastic_net", Lang::En) => {
            "Elastic net of the ten items, judged by cross-validation. Zou and Hastie (2005), doi:10.1111/j.1467-9868.2005.00503.x."
        }
        ("elastic_net", Lang::Ja) => {
            "10項目のエラスティックネット：交差検証で予測の精度を評価。Zou and Hastie (2005), doi:10.1111/j.1467-9868.2005.00503.x."
        }
        ("grm", Lang::En) => {
            "Graded response model of the ten items: the chance of each answer rises along a common scale, more or less sharply (a), from its thresholds (b); marginal maximum likelihood. Samejima (1969), doi:10.1007/BF03372160."
        }
        ("grm", Lang::Ja) => {
            "10項目の段階反応モデル：各段階の回答の確率が、共通の尺度上で困難度 b を境に識別力 a の鋭さで高まる。周辺最尤法。Samejima (1969), doi:10.1007/BF03372160."
        }
        ("rasch", Lang::En) => {
            "Rasch model (partial credit): all items equally sharp, so that the sum of the points says all; conditional maximum likelihood, which assumes no distribution of the users. Masters (1982), doi:10.1007/BF02296272; Andersen (1973), doi:10.1007/BF02291180."
        }
        ("rasch", Lang::Ja) => {
            "ラッシュモデル（部分採点モデル）：どの項目の識別力も等しく、合計点だけで足りるとするモデル。ユーザーの分布を仮定しない条件付き最尤法。Masters (1982), doi:10.1007/BF02296272; Andersen (1973), doi:10.1007/BF02291180."
        }
        ("huber", Lang::En) => {
            "Huber's M-estimator: least squares in which residuals beyond 1.345 robust standard deviations count less. Assumes a straight line for the bulk, residuals symmetric about it. Huber (1964), doi:10.1214/aoms/1177703732."
        }
        ("huber", Lang::Ja) => {
            "フーバーの M 推定：頑健な標準偏差の1.345倍を超える残差の重みを下げる最小二乗法。大多数が直線に沿い、残差がその上下に対称であると仮定。Huber (1964), doi:10.1214/aoms/1177703732."
        }
        ("bisquare", Lang::En) => {
            "Bisquare M-estimator: the same with weights that fall to 0 for far residuals. Beaton and Tukey (1974), doi:10.1080/00401706.1974.10489171."
        }
        ("bisquare", Lang::Ja) => {
            "双加重 M 推定：大きな残差の重みを 0 まで下げる M 推定。Beaton and Tukey (1974), doi:10.1080/00401706.1974.10489171."
        }
        ("mm", Lang::En) => {
            "MM-estimator: bisquare weights from a start that up to half the users can't move. Yohai (1987), doi:10.1214/aos/1176350366; errors: Croux, Dhaene and Hoorelbeke (2003)."
        }
        ("mm", Lang::Ja) => {
            "MM 推定：半数近くが外れ値でも崩れない初期値から求める双加重推定。Yohai (1987), doi:10.1214/aos/1176350366。標準誤差は Croux, Dhaene and Hoorelbeke (2003)."
        }
        ("theil_sen", Lang::En) => {
            "Theil–Sen: the median of the slopes of all pairs of users, its interval by inverting Kendall's test. Assumes that residuals have the same distribution along the line. Sen (1968), doi:10.1080/01621459.1968.10480934."
        }
        ("theil_sen", Lang::Ja) => {
            "Theil–Sen 推定：すべての2人の組の傾きの中央値。信頼区間はケンドールの検定の反転による。残差の分布が直線に沿って同じであると仮定。Sen (1968), doi:10.1080/01621459.1968.10480934."
        }
        ("quantile", Lang::En) => {
            "Quantile regression: quartiles and median of the outcome as straight lines, fitted exactly; interval by inverting the rank test. Assumes nothing of the residuals' distribution. Koenker and Bassett (1978), doi:10.2307/1913643; Koenker (1994), doi:10.1007/978-3-642-57984-4_29."
        }
        ("quantile", Lang::Ja) => {
            "分位点回帰：目的変数の四分位点と中央値を直線で表し、厳密解を求める。信頼区間は順位検定の反転による。残差の分布は仮定しない。Koenker and Bassett (1978), doi:10.2307/1913643; Koenker (1994), doi:10.1007/978-3-642-57984-4_29."
        }
        ("spline", Lang::En) => {
            "Natural spline: cubic pieces that join smoothly and end in straight lines, knots at quantiles; tested against the straight line by F and, where the spread may differ, by Wald's F with HC3. Harrell (2015), doi:10.1007/978-3-319-19425-7."
        }
        ("spline", Lang::Ja) => {
            "自然スプライン：なめらかにつながり、両端が直線となる3次の曲線（節点は分位点）。直線との比較は F 検定と、不均一分散でも使える HC3 のワルド検定による。Harrell (2015), doi:10.1007/978-3-319-19425-7."
        }
        ("fractional", Lang::En) => {
            "Fractional logit: the mean as an S-shaped curve between the bounds, by quasi-likelihood with robust errors (HC1); the effect is the average marginal one. Assumes nothing of the spread. Papke and Wooldridge (1996), doi:10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1."
        }
        ("fractional", Lang::Ja) => {
            "比率ロジット回帰：範囲内の平均を S 字曲線で表し、準尤度と頑健標準誤差（HC1）で推定。効果は平均限界効果。ばらつきは仮定しない。Papke and Wooldridge (1996), doi:10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1."
        }
        ("beta", Lang::En) => {
            "Beta regression: the same curve, the outcome spread as a beta variable; only where no value is at a bound. Ferrari and Cribari-Neto (2004), doi:10.1080/0266476042000214501."
        }
        ("beta", Lang::Ja) => {
            "ベータ回帰：同じ曲線に、目的変数がベータ分布に従うという仮定を加えたもの。範囲の端の値がない場合のみ。Ferrari and Cribari-Neto (2004), doi:10.1080/0266476042000214501."
        }
        ("mixed", Lang::En) => {
            "Linear mixed model: the line's level differs between groups of users, normally distributed; REML, Satterthwaite's degrees of freedom. Laird and Ware (1982), doi:10.2307/2529876; Kuznetsova, Brockhoff and Christensen (2017), doi:10.18637/jss.v082.i13."
        }
        ("mixed", Lang::Ja) => {
            "線形混合モデル：直線の高さがグループごとに正規分布に従って異なると仮定。REML、サタスウェイトの自由度。Laird and Ware (1982), doi:10.2307/2529876; Kuznetsova, Brockhoff and Christensen (2017), doi:10.18637/jss.v082.i13."
        }
        ("isotonic", Lang::En) => {
            "Isotonic regression: steps that never turn, by pooling adjacent violators. Barlow and others (1972), Statistical Inference under Order Restrictions. LOESS, for display: Cleveland and Devlin (1988), doi:10.1080/01621459.1988.10478639."
        }
        ("isotonic", Lang::Ja) => {
            "単調回帰：向きが変わらない階段状の当てはめ（隣接する違反をまとめる方法）。Barlow ほか (1972), Statistical Inference under Order Restrictions。表示用の LOESS 曲線：Cleveland and Devlin (1988), doi:10.1080/01621459.1988.10478639."
        }
        ("breusch_pagan", Lang::En) => {
            "Test for unequal spread: Breusch–Pagan in Koenker's form. Koenker (1981), doi:10.1016/0304-4076(81)90062-2."
        }
        ("breusch_pagan", Lang::Ja) => {
            "ばらつきの不均一さの検定：ケンカー版のブルーシュ・ペイガン検定。Koenker (1981), doi:10.1016/0304-4076(81)90062-2."
        }
        ("max_cooks_d", Lang::En) => {
            "Influence: leverage and Cook's distance. Cook (1977), doi:10.1080/00401706.1977.10489493."
        }
        ("max_cooks_d", Lang::Ja) => {
            "影響度：てこ比とクックの距離。Cook (1977), doi:10.1080/00401706.1977.10489493."
        }
        _ => return None,
    })
}

/// How missing values and the plan are handled.
pub(crate) fn general(f: Findings<'_>, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    match lang {
        Lang::En => format!(
            "One primary hypothesis (Pearson's r between {x} and {y}, two-sided) was fixed in the plan before the data were read. Each analysis uses the complete cases of its own variables: nothing is imputed, and a missing value is never read as 0."
        ),
        Lang::Ja => spaced(&format!(
            "主要仮説は1つ（{x}と{y}のピアソンの相関係数、両側）で、データを読む前に解析計画で定めました。各分析では、使用する変数がすべてそろった回答者だけを対象としています（完全ケース分析）。欠測値の補完は行わず、欠測を 0 とみなすこともありません。"
        )),
    }
}

/// What stands in the report folder.
pub(crate) fn files(lang: Lang) -> [&'static str; 8] {
    match lang {
        Lang::En => [
            "index.html: this report, in both languages",
            "report.en.md, report.ja.md: the same as Markdown",
            "results.json: every number of the report",
            "estimates.csv: the estimates, a row each",
            "excluded.csv: what was left out, and why",
            "figures/: the figures as PNG and SVG, in both languages",
            "summary.en.png, summary.ja.png: one page for a slide or a post",
            "manifest.json, model.json: what it takes to check the report, and to predict",
        ],
        Lang::Ja => [
            "index.html：このレポート（日英両言語）",
            "report.en.md、report.ja.md：同じ内容の Markdown",
            "results.json：レポートのすべての数値",
            "estimates.csv：推定値の一覧（1行に1推定値）",
            "excluded.csv：除外した値とその理由",
            "figures/：図（PNG と SVG、日英両言語）",
            "summary.en.png、summary.ja.png：スライドや投稿用の1枚",
            "manifest.json、model.json：レポートの検証用と予測用のファイル",
        ],
    }
}

/// Who may read the report, and what it tells of groups.
pub(crate) fn privacy(study: &StudyFacts, lang: Lang) -> String {
    let k = crate::number::count(study.smallest_group);
    let groups = match lang {
        Lang::En => format!(
            "Groups of fewer than {k} respondents have no name and no numbers of their own, and cannot be found by subtraction: they stand together, with the next smallest where that is needed."
        ),
        Lang::Ja => format!(
            "{k}人未満のグループは、名称も数値も個別には示さず、まとめて「その他」としました（引き算で分かる場合は、次に小さいグループも含めます）。"
        ),
    };
    match (lang, study.local) {
        (Lang::En, true) => format!(
            "This report is local, not for publication: it names rows of the survey. For others, make one without rows and single answers: ssi study --public, or local = false in the plan. {groups}"
        ),
        (Lang::Ja, true) => format!(
            "これはローカルのレポートで、調査票の行番号を含むため、公開には適しません。公開用には ssi study --public（解析計画では local = false）で、行番号や個々の回答を含まないレポートを作成してください。{groups}"
        ),
        (Lang::En, false) => format!(
            "This report is for publication: it has no rows and no single answers of the survey. Estimates and verdicts are those of the exact values; what is shown of single respondents (dots; smallest, largest and middle values of pillars and years; the ceilings of contacts) has pillars, years and hours as whole numbers, contacts in tens, and dates as months. {groups}"
        ),
        (Lang::Ja, false) => format!(
            "これは公開用のレポートで、調査票の行番号も個々の回答も含みません。推定値と判定は元の値によります。個々の回答者が分かりうるもの（図の点、柱の得点と年数の最小値・最大値・四分位数、つながりのシーリングライン）では、柱の得点、年数、時間を整数に、つながりの数を10人単位に、日付を月に丸めています。{groups}"
        ),
    }
}

/// What the commands below do.
pub(crate) fn rerun(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "To make the report again, save the plan below as study.toml and run the first command; the second checks a finished report, number by number and byte by byte."
        }
        Lang::Ja => {
            "レポートを作り直すには、下の解析計画を study.toml として保存し、1つ目のコマンドを実行します。2つ目のコマンドは、完成したレポートの数値とファイルが一致するかどうかを検証します。"
        }
    }
}

/// The commands that make the report again and check it.
pub(crate) fn commands(study: &StudyFacts, changes: &[Change]) -> String {
    let folder = quoted(&format!("reports/{}", study.name));
    let cohort = match study.input.name.as_str() {
        // The embedded cohort is what the command takes where none is named.
        "reference" => String::new(),
        "stdin" => " -".to_owned(),
        name => format!(" {}", quoted(name)),
    };
    let personal = [Rule::Pseudonymised, Rule::PersonalDropped];
    let keyed = changes.iter().any(|change| personal.contains(&change.rule));
    let key = if keyed { " --pseudonymise --key-file KEY" } else { "" };
    format!("ssi study{cohort} --plan study.toml --out {folder}{key}\nssi verify {folder}{cohort}")
}

/// What made the embedded cohort.
pub(crate) const REFERENCE_COMMAND: &str = "ssi simulate --n 203 --seed 1";

/// How the embedded cohort was made and what was assumed; nothing for other data.
pub(crate) fn reference_data(study: &StudyFacts, lang: Lang) -> Option<&'static str> {
    (study.synthetic && study.input.name == "reference").then_some(match lang {
        Lang::En => {
            "The data themselves were made by the command below. Its model assumes a correlation of about r = .62; that figure is an assumption, not a finding."
        }
        Lang::Ja => {
            "データ自体は、下のコマンドで生成したものです。生成モデルでは、相関係数をおよそ r = 0.62 と仮定しています。この値は仮定であり、調査で得られた結果ではありません。"
        }
    })
}

/// A word for a shell: quoted unless it is plain.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
