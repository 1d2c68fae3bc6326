//! What came of playing scenarios.

use std::fmt;
use std::path::PathBuf;

/// What came of playing scenarios to an engine.
#[derive(Debug, Default)]
pub struct Report {
    /// How many scenarios were played and hold.
    pub passed: usize,
    /// How many scenarios were left out because they say that they do not hold on this engine.
    pub left_out: usize,
    /// The scenarios that were played and do not hold, in the order in which they were played.
    pub failures: Vec<Failure>,
}

/// A scenario that does not hold.
#[derive(Debug)]
pub struct Failure {
    /// The file that the scenario is in.
    pub file: PathBuf,
    /// The scenario's name.
    pub scenario: String,
    /// The step that failed, as `step 2: GET /x/_search`.
    pub step: String,
    /// What is wrong, one line each.
    pub differences: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "FAILED {}: {}", self.file.display(), self.scenario)?;
        write!(out, "  {}", self.step)?;
        for difference in &self.differences {
            write!(out, "\n    {difference}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(out, "{failure}")?;
        }
        let failed = self.failures.len();
        let Self {
            passed, left_out, ..
        } = self;
        write!(out, "{passed} hold, {failed} failed, {left_out} left out")
    }
}
