//! Numbers over the values of a field.

use super::buckets::Counts;
use super::columns::{Column, Loaded, Pairs};
use super::field::Field;
use super::format::Format;
use super::node::{Answers, Collect, Node, Segment, Shape};
use crate::error::Result;
use query::{AggregationResult, Metric, Stats};

/// The smallest, greatest, sum and the like.
pub(super) struct Numbers {
    field: Field,
    metric: Metric,
    missing: Option<f64>,
    column: Column,
    loaded: Loaded<f64>,
    counts: Counts,
    mins: Vec<f64>,
    maxs: Vec<f64>,
    sums: Vec<Sum>,
    squares: Vec<Sum>,
}

impl Numbers {
    pub(super) fn new(field: Field, metric: Metric) -> Result<Self> {
        Ok(Self {
            missing: field.missing_number()?,
            field,
            metric,
            column: Column::Empty,
            loaded: Loaded::default(),
            counts: Counts::default(),
            mins: Vec::new(),
            maxs: Vec::new(),
            sums: Vec::new(),
            squares: Vec::new(),
        })
    }

    fn stats(&self, owner: u32) -> Stats {
        let at = owner as usize;
        let sum = |sums: &[Sum]| sums.get(at).map_or(0.0, |sum| sum.value);
        Stats {
            count: self.counts.get(owner),
            min: self.mins.get(at).copied().unwrap_or(f64::INFINITY),
            max: self.maxs.get(at).copied().unwrap_or(f64::NEG_INFINITY),
            sum: sum(&self.sums),
            sum_of_squares: sum(&self.squares),
        }
    }

    /// The only number of what has one; none without values.
    fn value(&self, owner: u32) -> Option<f64> {
        let stats = self.stats(owner);
        match self.metric {
            Metric::Min => stats.min.is_finite().then_some(stats.min),
            Metric::Max => stats.max.is_finite().then_some(stats.max),
            Metric::Sum => Some(stats.sum),
            _ => (stats.count > 0).then(|| stats.sum / stats.count as f64),
        }
    }
}

impl Collect for Numbers {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.column = self.field.open(segment)?.0;
        Ok(())
    }

    fn collect(&mut self, pairs: &Pairs, _inner: &mut Pairs) -> Result<()> {
        let buckets = pairs.buckets as usize;
        self.counts.grow(pairs.buckets)?;
        self.column
            .doubles(&pairs.docs, self.missing, &mut self.loaded);
        let values = self.loaded.iter();
        let values = values.map(|(place, value)| (pairs.owners[place] as usize, value));
        let (all, squares) = match self.metric {
            Metric::Min => {
                grow(&mut self.mins, buckets, f64::INFINITY);
                values.for_each(|(owner, value)| self.mins[owner] = self.mins[owner].min(value));
                return Ok(());
            }
            Metric::Max => {
                grow(&mut self.maxs, buckets, f64::NEG_INFINITY);
                values.for_each(|(owner, value)| self.maxs[owner] = self.maxs[owner].max(value));
                return Ok(());
            }
            Metric::Stats => (true, false),
            Metric::ExtendedStats { .. } => (true, true),
            _ => (false, false),
        };
        grow(&mut self.sums, buckets, Sum::default());
        if !all {
            for (owner, value) in values {
                self.counts.count(owner as u32);
                self.sums[owner].add(value);
            }
            return Ok(());
        }
        grow(&mut self.mins, buckets, f64::INFINITY);
        grow(&mut self.maxs, buckets, f64::NEG_INFINITY);
        grow(&mut self.squares, buckets, Sum::default());
        for (owner, value) in values {
            self.counts.count(owner as u32);
            self.sums[owner].add(value);
            self.mins[owner] = self.mins[owner].min(value);
            self.maxs[owner] = self.maxs[owner].max(value);
            if squares {
                self.squares[owner].add(value * value);
            }
        }
        Ok(())
    }

    fn shape(&self) -> Shape {
        match self.metric {
            Metric::Stats => Shape::Stats { extended: false },
            Metric::ExtendedStats { .. } => Shape::Stats { extended: true },
            _ => Shape::Value,
        }
    }

    fn number(&self, owner: u32, name: &str) -> f64 {
        let sigma = match self.metric {
            Metric::Stats => None,
            Metric::ExtendedStats { sigma } => Some(sigma),
            // Without values, the smallest and greatest sort where nothing is smaller or greater.
            Metric::Min => return self.stats(owner).min,
            Metric::Max => return self.stats(owner).max,
            _ => return self.value(owner).unwrap_or(f64::NAN),
        };
        let stats = self.stats(owner);
        let known = match name {
            "count" => Some(stats.count as f64),
            "min" => Some(stats.min),
            "max" => Some(stats.max),
            "sum" => Some(stats.sum),
            "avg" => Some(stats.sum / stats.count as f64),
            "std_upper" | "std_lower" => {
                let name = name.replace("std_", "std_deviation_bounds.");
                spread(&stats, sigma.unwrap_or(0.0))
                    .into_iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, number)| number)
            }
            name => spread(&stats, sigma.unwrap_or(0.0))
                .into_iter()
                .find(|(known, _)| *known == name)
                .map(|(_, number)| number),
        };
        known.unwrap_or(f64::NAN)
    }

    fn type_name(&self) -> &'static str {
        name(self.metric)
    }

    fn answer(&self, owner: u32, _: &[Node], _: &mut Answers<'_>) -> Result<AggregationResult> {
        let sigma = match self.metric {
            Metric::Stats => None,
            Metric::ExtendedStats { sigma } => Some(sigma),
            _ => {
                let value = self.value(owner);
                let text = value.and_then(|value| self.field.format.text(value));
                return Ok(AggregationResult::Value { value, text });
            }
        };
        let stats = self.stats(owner);
        let texts = texts(&stats, sigma, &self.field.format);
        Ok(AggregationResult::Stats {
            stats,
            sigma,
            texts,
        })
    }
}

/// The name of a metric's type.
pub(super) fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::Min => "min",
        Metric::Max => "max",
        Metric::Avg => "avg",
        Metric::Sum => "sum",
        Metric::ValueCount => "value_count",
        Metric::Stats => "stats",
        Metric::ExtendedStats { .. } => "extended_stats",
        Metric::Cardinality { .. } => "cardinality",
    }
}

fn grow<T: Clone>(values: &mut Vec<T>, buckets: usize, empty: T) {
    if values.len() < buckets {
        values.resize(buckets, empty);
    }
}

/// What extended stats say beyond plain ones, by the names of Elasticsearch's answers.
fn spread(stats: &Stats, sigma: f64) -> [(&'static str, f64); 13] {
    let count = stats.count as f64;
    let mean = stats.sum / count;
    let squares = stats.sum_of_squares - stats.sum * stats.sum / count;
    // Rounding may lead below 0.
    let clamped = |variance: f64| if variance < 0.0 { 0.0 } else { variance };
    let population = clamped(squares / count);
    let sampling = clamped(squares / (count - 1.0));
    let (wide, wide_sampling) = (population.sqrt() * sigma, sampling.sqrt() * sigma);
    [
        ("sum_of_squares", stats.sum_of_squares),
        ("variance", population),
        ("variance_population", population),
        ("variance_sampling", sampling),
        ("std_deviation", population.sqrt()),
        ("std_deviation_population", population.sqrt()),
        ("std_deviation_sampling", sampling.sqrt()),
        ("std_deviation_bounds.upper", mean + wide),
        ("std_deviation_bounds.lower", mean - wide),
        ("std_deviation_bounds.upper_population", mean + wide),
        ("std_deviation_bounds.lower_population", mean - wide),
        ("std_deviation_bounds.upper_sampling", mean + wide_sampling),
        ("std_deviation_bounds.lower_sampling", mean - wide_sampling),
    ]
}

fn texts(stats: &Stats, sigma: Option<f64>, format: &Format) -> Vec<(String, String)> {
    if stats.count == 0 {
        return Vec::new();
    }
    let mut numbers = vec![
        ("min", stats.min),
        ("max", stats.max),
        ("avg", stats.sum / stats.count as f64),
        ("sum", stats.sum),
    ];
    if let Some(sigma) = sigma {
        numbers.extend(spread(stats, sigma));
    }
    let text = |(name, number): (&str, f64)| Some((name.to_owned(), format.text(number)?));
    numbers.into_iter().filter_map(text).collect()
}

/// A sum that keeps what rounding loses (Kahan, 1965).
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    value: f64,
    lost: f64,
}

impl Sum {
    #[inline]
    fn add(&mut self, number: f64) {
        if !number.is_finite() {
            self.value += number;
        }
        if self.value.is_finite() {
            let corrected = number + self.lost;
            let updated = self.value + corrected;
            self.lost = corrected - (updated - self.value);
            self.value = updated;
        }
    }
}

/// How many values there are.
pub(super) struct ValueCount {
    field: Field,
    column: Column,
    /// Whether every document of the segment has the same one value.
    constant: bool,
    numbers: Loaded<f64>,
    ordinals: Loaded<u64>,
    counts: Counts,
}

impl ValueCount {
    pub(super) fn new(field: Field) -> Self {
        Self {
            field,
            column: Column::Empty,
            constant: false,
            numbers: Loaded::default(),
            ordinals: Loaded::default(),
            counts: Counts::default(),
        }
    }
}

impl Collect for ValueCount {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        let (column, constant) = self.field.open(segment)?;
        self.constant = constant.is_some() || self.field.missing.is_some();
        self.column = column;
        Ok(())
    }

    fn collect(&mut self, pairs: &Pairs, _inner: &mut Pairs) -> Result<()> {
        self.counts.grow(pairs.buckets)?;
        let places = match &self.column {
            Column::Strings(_) => {
                let missing = self.constant.then_some(0);
                self.column
                    .ordinals(&pairs.docs, missing, &mut self.ordinals);
                &self.ordinals.places
            }
            column => {
                let missing = self.constant.then_some(0.0);
                column.doubles(&pairs.docs, missing, &mut self.numbers);
                &self.numbers.places
            }
        };
        for place in places {
            self.counts.count(pairs.owners[*place as usize]);
        }
        Ok(())
    }

    fn shape(&self) -> Shape {
        Shape::Value
    }

    fn number(&self, owner: u32, _: &str) -> f64 {
        self.counts.get(owner) as f64
    }

    fn type_name(&self) -> &'static str {
        name(Metric::ValueCount)
    }

    fn answer(&self, owner: u32, _: &[Node], _: &mut Answers<'_>) -> Result<AggregationResult> {
        Ok(AggregationResult::Count(self.counts.get(owner)))
    }
}
