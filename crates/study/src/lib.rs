//! The SSI correlation study: plan, run, bundle.
