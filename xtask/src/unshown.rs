//! Legal outputs that a scene has not printed yet.

use std::collections::BTreeSet;

use transcript::{Timing, Transcript, Verdict};

/// How many random legal outputs are looked at.
const SAMPLES: u64 = 2_000;

/// Random legal outputs with none of these shapes, each with its own. Several may have the same one.
pub(crate) fn unshown<'t>(
    transcript: &'t Transcript,
    shapes: &'t BTreeSet<Vec<String>>,
) -> impl Iterator<Item = (Vec<String>, Vec<String>)> + 't {
    (0..SAMPLES).filter_map(|seed| {
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
