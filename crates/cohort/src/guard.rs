//! Crates that read files for us panic at some damaged ones.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What comes of reading a file; nothing where it panics. Nothing may outlive the closure that it could
/// have left half done.
pub(crate) fn caught<T>(read: impl FnOnce() -> T) -> Option<T> {
    CAUGHT.set(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    CAUGHT.set(false);
    read.ok()
}

/// True where a panic of this thread ends in the refusal of a damaged file, so that a program's hook
/// need not tell of it.
pub fn panic_is_caught() -> bool {
    CAUGHT.get()
}
