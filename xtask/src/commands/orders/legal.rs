//! Compares the outcomes with the transcript: is each legal output found?

use std::collections::BTreeSet;

use transcript::{Count, Transcript};

use crate::unshown::unshown;

/// What a transcript says about the outcomes.
pub(super) struct Legal {
    /// The transcript's name.
    pub(super) name: String,
    /// How many legal outputs there are, and how many of them were found.
    pub(super) count: Count,
    pub(super) found: usize,
    /// Whether it also makes claims about time, which no outcome was judged by. Those that break one are not `found`.
    pub(super) claims_time: bool,
    /// A legal output that was not found, and why it is shown.
    pub(super) missing: Option<(&'static str, Vec<String>)>,
}

impl Legal {
    /// The legal outcomes have these shapes, claims about time included. If `all`, every schedule is known.
    pub(super) fn new(transcript: &Transcript, shapes: &BTreeSet<Vec<String>>, all: bool) -> Self {
        let count = transcript.count();
        let why = if all {
            "legal, and printed in none of these schedules"
        } else {
            "legal, and not shown yet"
        };
        let is_all = count == Count::Exactly(shapes.len() as u128);
        let missing = if is_all { None } else { unshown(transcript, shapes).next() };
        let missing = missing.map(|(lines, _)| (why, lines));
        Self {
            name: transcript.name().to_owned(),
            count,
            found: shapes.len(),
            claims_time: transcript.claims_time(),
            missing,
        }
    }
}
