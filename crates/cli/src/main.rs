//! The command line of the SSI correlation study toolkit.
fn main() {}
