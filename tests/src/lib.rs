//! What the tests share: paths to their data and the tolerance of an oracle comparison.
