use std::fmt;
use std::sync::Arc;

/// A step of long work that a progress bar can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Reading and checking the file.
    Read,
    /// Estimates in closed form.
    Estimate,
    /// Bootstrap and permutation.
    Resample,
    /// Drawing the figures.
    Draw,
    /// Writing the folder.
    Write,
}

/// The user asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted; nothing was written")
    }
}

impl std::error::Error for Interrupted {}

/// Handed down into long work, which reports to it and asks it whether to go on.
pub trait Progress: Sync {
    /// A stage begins; `total` steps are expected.
    fn begin(&self, _stage: Stage, _total: u64) {}
    /// Some steps of the stage are done.
    fn advance(&self, _steps: u64) {}
    /// `Err` once the user has asked to stop.
    ///
    /// # Errors
    /// [`Interrupted`].
    fn check(&self) -> Result<(), Interrupted> {
        Ok(())
    }
}

/// Says nothing and never stops: the default in libraries and pipes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {}

/// Whom a reader reports to; nobody by default. It changes nothing, so that all are equal.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<dyn Progress + Send>>);

impl Watch {
    /// Reports to somebody.
    pub fn new(progress: impl Progress + Send + 'static) -> Self {
        Self(Some(Arc::new(progress)))
    }
}

impl Progress for Watch {
    fn begin(&self, stage: Stage, total: u64) {
        if let Some(progress) = &self.0 {
            progress.begin(stage, total);
        }
    }

    fn advance(&self, steps: u64) {
        if let Some(progress) = &self.0 {
            progress.advance(steps);
        }
    }

    fn check(&self) -> Result<(), Interrupted> {
        self.0.as_ref().map_or(Ok(()), |progress| progress.check())
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watch(…)" } else { "Watch" })
    }
}

impl PartialEq for Watch {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Watch {}
