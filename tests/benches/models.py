"""Python's side of the regressions: the same models on models.csv, each with its table of errors."""

import warnings
from pathlib import Path

import numpy as np
import pandas
import sklearn
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import ElasticNet, ElasticNetCV, Lasso, Ridge, RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.othermod.betareg import BetaModel

warnings.simplefilter("ignore")
FORMULA = "ssi ~ score + lconn + C(region)"
WIDE = "ssi ~ " + " + ".join(f"i{j}" for j in range(1, 11)) + " + lconn + C(region)"
VERSIONS = f"statsmodels {statsmodels.__version__}, scikit-learn {sklearn.__version__}"


def tasks(where: Path, p, y):
    d = pandas.read_csv(where / "models.csv")
    n = len(d)

    def table(build, **how):
        return lambda: build().fit(**how).summary()


    def penalised(model):
        def run():
            x = smf.ols(WIDE, d).exog[:, 1:]
            return make_pipeline(StandardScaler(), model).fit(x, d.ssi)
        return run

    def nested(model):
        def run():
            x = smf.ols(WIDE, d).exog[:, 1:]
            whole = make_pipeline(StandardScaler(), model)
            folds = KFold(10, shuffle=True, random_state=1)
            return whole.fit(x, d.ssi), cross_val_predict(whole, x, d.ssi, cv=folds)
        return run

    def jackknife_plus():
        x = smf.ols(FORMULA, d).exog
        yy = d.ssi.to_numpy()
        inverse = np.linalg.inv(x.T @ x)
        b = inverse @ x.T @ yy
        left_out = (yy - x @ b) / (1 - np.einsum("ij,jk,ik->i", x, inverse, x))
        place = x.mean(0)
        mean = place @ b - (x @ inverse @ place) * left_out
        k = int(np.ceil(0.95 * (n + 1)))
        return np.sort(mean - np.abs(left_out))[n - k], np.sort(mean + np.abs(left_out))[k - 1]

    def fractional():
        return smf.glm("ssi100 ~ score + lconn + C(region)", d.assign(ssi100=d.ssi / 100), family=sm.families.Binomial())

    share = d.assign(ssi100=d.ssi / 100)
    huber, bisquare = sm.robust.norms.HuberT(), sm.robust.norms.TukeyBiweight()
    yield "huber", n, table(lambda: smf.rlm(FORMULA, d, M=huber))
    yield "bisquare", n, table(lambda: smf.rlm(FORMULA, d, M=bisquare))
    yield "theil_sen", n, lambda: stats.theilslopes(d.ssi, d.score)
    yield "quantile", n, table(lambda: smf.quantreg(FORMULA, d), q=0.5)
    yield "logistic", n, table(lambda: smf.logit("event ~ score + lconn + C(region)", d), disp=0)
    x = smf.ols(FORMULA, d).exog[:, 1:]
    yield "ordinal", n, table(lambda: OrderedModel(d.stage, x, distr="logit"), disp=0, method="bfgs")
    yield "fractional", n, table(fractional, cov_type="HC1")
    yield "beta", n, table(lambda: BetaModel.from_formula("ssi100 ~ score + lconn + C(region)", share), disp=0)
    yield "spline", n, table(lambda: smf.ols("ssi ~ cr(score, df=4) + lconn + C(region)", d))
    yield "isotonic", n, lambda: IsotonicRegression().fit_transform(d.score, d.ssi)
    group = dict(groups="session")
    yield "mixed_intercept", n, table(lambda: smf.mixedlm("ssi ~ score + lconn", d, **group))
    yield "mixed_slope", n, table(lambda: smf.mixedlm("ssi ~ score + lconn", d, re_formula="~score", **group))
    yield "ridge", n, penalised(Ridge(alpha=float(n)))
    yield "lasso", n, penalised(Lasso(alpha=0.5))
    yield "elastic_net", n, penalised(ElasticNet(alpha=0.5, l1_ratio=0.5))
    yield "ridge_cv_nested", n, nested(RidgeCV(alphas=n * np.logspace(3, -4, 57), cv=10))
    shares = dict(l1_ratio=[0.1, 0.5, 0.9], alphas=25, cv=10)
    yield "elastic_net_cv_nested", n, nested(ElasticNetCV(**shares))
    yield "jackknife_plus", n, jackknife_plus
    long = 100_000
    model = np.column_stack([np.ones(long), p.reshape(-1, len(y))[:, :long].T])
    yield "quantile_10", long, lambda: sm.QuantReg(y[:long], model).fit(q=0.5, max_iter=1000).params
