//! `ssi predict`: people whose SSI can't be seen, by the model of a study.
