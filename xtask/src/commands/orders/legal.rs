//! Compares the outcomes with the transcript: is each legal output found?

use std::collections::BTreeSet;

use transcript::{Count, Timing, Transcript, Verdict};

/// How many random legal outputs are looked at, to find one that was not printed.
const SAMPLES: u64 = 2_000;

/// What a transcript says about the outcomes.
pub(super) struct Legal {
    /// The transcript's name.
    pub(super) name: String,
    /// How many legal outputs there are, and how many of them were found.
    pub(super) count: Count,
    pub(super) found: usize,
    /// A legal output that was not found, and why it is shown.
    pub(super) missing: Option<(&'static str, Vec<String>)>,
}

impl Legal {
    /// The legal outcomes have these shapes. If they are `all`, any other one cannot be printed.
    pub(super) fn new(transcript: &Transcript, shapes: &BTreeSet<Vec<String>>, all: bool) -> Self {
        let count = transcript.count();
        let why = if all { "legal, and never printed" } else { "legal, and not shown yet" };
        let missing = missing(transcript, shapes).next().map(|(lines, _)| (why, lines));
        Self { name: transcript.name().to_owned(), count, found: shapes.len(), missing }
    }
}

/// Random legal outputs with none of these shapes, each with its own. Several may have the same one.
pub(super) fn missing<'t>(
    transcript: &'t Transcript,
    shapes: &'t BTreeSet<Vec<String>>,
) -> impl Iterator<Item = (Vec<String>, Vec<String>)> + 't {
    let is_all = transcript.count() == Count::Exactly(shapes.len() as u128);
    let seeds = if is_all { 0 } else { SAMPLES };
    (0..seeds).filter_map(|seed| {
        let lines = transcript.sample(seed)?;
        let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
        match transcript.judge(&output, Timing::Waived) {
            Verdict::Accepted(accepted) if !shapes.contains(&accepted.shape) => {
                Some((lines, accepted.shape))
            }
            _ => None,
        }
    })
}
