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
        // Its shape, as the outcomes are shown: a pid of an output that no run has printed means nothing.
        let missing = missing.map(|(_, shape)| (why, shape));
        Self {
            name: transcript.name().to_owned(),
            count,
            found: shapes.len(),
            claims_time: transcript.claims_time(),
            missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_shown_like_what_was_found() {
        let text = "a | {p:pid}\na | {p} again\nb | two\n";
        let transcript = Transcript::parse("pids.txt", text).expect("a transcript");
        let found = [["#1", "#1 again", "two"], ["#1", "two", "#1 again"]];
        let shapes = found.map(|lines| lines.map(str::to_owned).to_vec()).into();
        let legal = Legal::new(&transcript, &shapes, false);
        let (why, lines) = legal.missing.expect("a third output");
        assert_eq!(why, "legal, and not shown yet");
        assert_eq!(lines, ["two", "#1", "#1 again"]);
    }
}
