//! What came of a comparison, and how it is said.

use std::collections::BTreeMap;
use std::fmt;

/// How many differences of one request are said.
const SAID: usize = 3;
/// The same of a bulk, whose items differ each for a reason of its own.
const SAID_OF_BULK: usize = 12;

/// One request that the sides answer differently.
#[derive(Debug, Clone)]
pub struct Disagreement {
    /// The request's family, or `bulk`.
    pub family: &'static str,
    /// The number of the request.
    pub number: usize,
    /// The request in one line.
    pub request: String,
    /// What differs.
    pub differences: Vec<String>,
}

/// What came of the requests of a family.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many were sent.
    pub asked: usize,
    /// How many the left side refused.
    pub refused: usize,
    /// How many the sides answer differently.
    pub differ: usize,
}

/// What came of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What came of each family.
    pub families: BTreeMap<&'static str, Counts>,
    /// Every request that they answer differently.
    pub disagreements: Vec<Disagreement>,
}

impl Report {
    pub(crate) fn add(
        &mut self,
        family: &'static str,
        number: usize,
        request: impl FnOnce() -> String,
        status: u16,
        differences: Vec<String>,
    ) {
        let counts = self.families.entry(family).or_default();
        counts.asked += 1;
        counts.refused += usize::from(status >= 400);
        if !differences.is_empty() {
            counts.differ += 1;
            let request = request();
            self.disagreements.push(Disagreement {
                family,
                number,
                request,
                differences,
            });
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for disagreement in &self.disagreements {
            let Disagreement {
                family,
                number,
                request,
                differences,
            } = disagreement;
            writeln!(out, "[{family} #{number}] {request}")?;
            let said = if *family == "bulk" {
                SAID_OF_BULK
            } else {
                SAID
            };
            for difference in differences.iter().take(said) {
                writeln!(out, "    {difference}")?;
            }
            if differences.len() > said {
                writeln!(out, "    and {} more", differences.len() - said)?;
            }
        }
        let mut all = Counts::default();
        for (family, counts) in &self.families {
            write_counts(out, family, counts)?;
            all.asked += counts.asked;
            all.refused += counts.refused;
            all.differ += counts.differ;
        }
        write_counts(out, "all", &all)
    }
}

fn write_counts(out: &mut fmt::Formatter<'_>, name: &str, counts: &Counts) -> fmt::Result {
    let Counts {
        asked,
        refused,
        differ,
    } = counts;
    writeln!(
        out,
        "{name:<20} {asked:>5} asked {refused:>5} refused {differ:>5} differ"
    )
}
