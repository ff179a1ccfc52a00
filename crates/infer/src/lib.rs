//! Describe, correlate, regress, resample: the statistics.
