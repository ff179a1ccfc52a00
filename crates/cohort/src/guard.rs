//! Crates that read files for us panic at some damaged ones.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What comes of a call of such a crate; nothing where it panics, after which nothing may be used
/// again that it could have left half done. Our own code stays outside, so that a panic of ours is
/// seen for what it is.
pub(crate) fn caught<T>(read: impl FnOnce() -> T) -> Option<T> {
    let before = CAUGHT.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    CAUGHT.set(before);
    read.ok()
}

/// True where a panic of this thread ends in the refusal of a damaged file, so that a program's hook
/// need not tell of it.
pub fn panic_is_caught() -> bool {
    CAUGHT.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_within_and_told_of_outside() {
        let quiet = || std::panic::resume_unwind(Box::new("quiet"));
        let within = caught(|| {
            let inner: Option<()> = caught(quiet);
            (inner, panic_is_caught())
        });
        assert_eq!((within, panic_is_caught()), (Some((None, true)), false));
    }
}
