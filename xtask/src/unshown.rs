//! Legal outputs that a scene has not printed yet.

use std::collections::BTreeSet;

use transcript::{Budget, Timing, Transcript, Verdict};

/// How many random legal outputs are looked at.
const SAMPLES: u64 = 2_000;
/// How much work one of them may take, and all together: about two seconds, without optimisation.
const STEPS: u64 = 1_000_000;
const ALL_STEPS: u64 = 20 * STEPS;

/// Random legal outputs with none of these shapes, each with its own. Several may have the same one.
pub(crate) fn unshown<'t>(
    transcript: &'t Transcript,
    shapes: &'t BTreeSet<Vec<String>>,
) -> impl Iterator<Item = (Vec<String>, Vec<String>)> + 't {
    samples(transcript).flatten().filter(|(_, shape)| !shapes.contains(shape))
}

/// Random legal outputs, as long as they do not take too much work all together. None for one that takes too much.
fn samples(
    transcript: &Transcript,
) -> impl Iterator<Item = Option<(Vec<String>, Vec<String>)>> + '_ {
    let mut spent = 0;
    (0..SAMPLES).map_while(move |seed| {
        let budget = Budget::of(STEPS);
        let legal = (spent < ALL_STEPS).then(|| sample(transcript, seed, &budget));
        spent += budget.spent();
        legal
    })
}

/// A random legal output and its shape.
fn sample(
    transcript: &Transcript,
    seed: u64,
    budget: &Budget<'_>,
) -> Option<(Vec<String>, Vec<String>)> {
    let lines = transcript.sample_within(seed, budget)?;
    let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
    match transcript.judge_within(&output, Timing::Waived, budget) {
        Verdict::Accepted(accepted) => Some((lines, accepted.shape)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples(text: &str, shapes: &[&[&str]]) -> Vec<String> {
        let transcript = Transcript::parse("two.txt", text).expect("a transcript");
        let shape = |lines: &&[&str]| lines.iter().map(ToString::to_string).collect();
        let shapes = shapes.iter().map(shape).collect();
        let mut found: Vec<String> =
            unshown(&transcript, &shapes).map(|(lines, _)| lines.join(" ")).collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn what_was_not_shown_is_legal_and_has_another_shape() {
        let two = "a | one\nb | two\n";
        assert_eq!(examples(two, &[]), ["one two", "two one"]);
        assert_eq!(examples(two, &[&["one", "two"]]), ["two one"]);
        assert!(examples(two, &[&["one", "two"], &["two", "one"]]).is_empty());
    }

    #[test]
    fn a_transcript_that_hides_its_outputs_does_not_take_for_ever() {
        // No order is legal, and each must be looked at to see that.
        let lanes = (1..=12).map(|lane| format!("lane{lane} | {lane} is here\n"));
        let hidden = lanes.collect::<String>() + "finally \"here\" == 13\n";
        let transcript = Transcript::parse("hidden.txt", &hidden).expect("a transcript");
        let samples: Vec<_> = samples(&transcript).collect();
        assert!(samples.iter().all(Option::is_none), "{samples:?}");
        assert!(samples.len() < SAMPLES as usize, "it has looked at all of them");
    }
}
