//! The primary estimate in groups, none of which is small enough to tell of single respondents.

use super::Run;
use crate::Result;
use crate::disclosure::{OTHER, pooled, with_namesakes};
use ssi_infer::correlate::{self, Method};

impl Run<'_> {
    /// The primary estimate in each group of the plan's `by` column; small groups stand together.
    ///
    /// In a report that is not local what is left out is counted for all groups at once: how many of
    /// one group have no answer is a count of a group too.
    pub(super) fn groups(&mut self) -> Result<()> {
        let Some(by) = &self.plan.by else { return Ok(()) };
        let (x, y) = (&self.plan.primary.x, &self.plan.primary.y);
        let (levels, codes) = self.shown.column(by)?.groups();
        let of = |held: &dyn Fn(usize) -> bool| {
            let keep: Vec<bool> =
                codes.iter().map(|code| code.is_ok_and(|code| held(code as usize))).collect();
            self.table.keep(&keep).paired(x, y)
        };
        let pairs = (0..levels.len()).map(|i| of(&|code| code == i)).collect::<Vec<_>>();
        let pairs = pairs.into_iter().collect::<std::result::Result<Vec<_>, _>>()?;
        let sizes: Vec<usize> = pairs.iter().map(ssi_vocab::Paired::n_obs).collect();
        let hidden = with_namesakes(&levels, pooled(&sizes, self.plan.smallest_group));
        let rest = of(&|code| hidden[code])?;
        let whole: usize = sizes.iter().sum();
        let n_excluded = self.table.paired(x, y)?.n_excluded();

        let named = levels.into_iter().zip(pairs).zip(&hidden);
        let shown = named.filter(|((_, pair), hidden)| !**hidden && pair.n_obs() > 0);
        let mut groups: Vec<_> = shown.map(|(group, _)| group).collect();
        groups.extend((rest.n_obs() > 0).then(|| (OTHER.to_owned(), rest)));
        if groups.iter().any(|(name, _)| name == OTHER) {
            self.left_out(by, "pooled_groups");
        }
        // All of them together are no group.
        groups.retain(|(name, pair)| name != OTHER || pair.n_obs() < whole);
        for (name, pair) in groups {
            let mut row = correlate::correlate_or_note(&pair, Method::Pearson, self.level);
            row.group = Some(format!("{by} = {name}"));
            // Rows that were left out whole are of no known group.
            row.n_excluded = match self.plan.privacy.local {
                true => pair.n_excluded() - self.table.left_out(),
                false => n_excluded,
            };
            self.results.estimates.push(row);
        }
        Ok(())
    }
}
