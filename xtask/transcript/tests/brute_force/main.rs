//! Matcher and counter against brute force: random small transcripts, all permutations of their lines.
//!
//! The model knows nothing of the crate. It writes a transcript as text and decides by definition what is legal.

mod legal;
mod model;

use std::collections::BTreeSet;

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use transcript::{Count, Timing, Transcript, Verdict};

use crate::model::{Model, Times};

fn permutations(lines: &[String]) -> BTreeSet<Vec<String>> {
    if lines.is_empty() {
        return BTreeSet::from([Vec::new()]);
    }
    let with_first = |first: usize| {
        let mut rest = lines.to_vec();
        let line = rest.remove(first);
        permutations(&rest).into_iter().map(move |tail| [vec![line.clone()], tail].concat())
    };
    (0..lines.len()).flat_map(with_first).collect()
}

/// A model and its transcript; none if the format refuses it because no one could tell where `*|` ends.
fn both(u: &mut Unstructured<'_>) -> Result<Option<(Model, Transcript)>> {
    let model = Model::random(u)?;
    match Transcript::parse("random.txt", &model.text) {
        Ok(transcript) => Ok(Some((model, transcript))),
        Err(error) if error.message.contains("where these lines end") => Ok(None),
        Err(error) => panic!("{error}\n\n{}", model.text),
    }
}

#[test]
fn the_matcher_accepts_exactly_what_brute_force_accepts() {
    let (mut accepted, mut rejected) = (0, 0);
    arbtest(|u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        for lines in permutations(&model.concrete(u)?) {
            let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let verdict = transcript.judge(&output, Timing::Judged);
            let legal = model.legal(&lines);
            *(if legal { &mut accepted } else { &mut rejected }) += 1;
            match verdict {
                Verdict::Accepted(_) => {
                    assert!(legal, "accepted, but illegal:\n{output}\n{}", model.text);
                }
                Verdict::Rejected(why) => {
                    assert!(!legal, "rejected, but legal:\n{output}\n{}\n{why}", model.text);
                }
                Verdict::Undecided { .. } => panic!("undecided:\n{output}\n{}", model.text),
            }
        }
        Ok(())
    })
    .size_min(256)
    .size_max(1_024)
    .budget_ms(4_000);
    assert!(
        accepted > 1_000 && rejected > 1_000,
        "{accepted} legal and {rejected} illegal outputs say little"
    );
}

#[test]
fn the_counter_counts_what_brute_force_lists() {
    let mut counted = 0;
    arbtest(|u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        match transcript.count() {
            Count::Exactly(count) => {
                let outputs = model.outputs();
                assert_eq!(count, outputs.len() as u128, "\n{}\n{outputs:#?}", model.text);
                counted += 1;
            }
            Count::Unbounded => {
                assert!(model.events.iter().any(|event| event.times == Times::Many));
            }
            other => panic!("{other}:\n{}", model.text),
        }
        Ok(())
    })
    .size_min(256)
    .size_max(1_024)
    .budget_ms(2_000);
    assert!(counted > 100, "{counted} transcripts say little");
}

#[test]
fn covering_edges_are_the_transitive_reduction() {
    let mut edges = 0;
    arbtest(|u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        let before = &model.before;
        let between =
            |a: usize, b: usize| before[b].iter().any(|&middle| before[middle].contains(&a));
        let pairs = (0..before.len()).flat_map(|b| before[b].iter().map(move |&a| (a, b)));
        let expected: BTreeSet<(usize, usize)> = pairs.filter(|&(a, b)| !between(a, b)).collect();
        let found = transcript.covering_edges();
        let found: BTreeSet<(usize, usize)> =
            found.iter().map(|edge| (edge.before, edge.after)).collect();
        edges += found.len();
        assert_eq!(found, expected, "\n{}", model.text);
        Ok(())
    })
    .size_min(256)
    .size_max(1_024)
    .budget_ms(1_000);
    assert!(edges > 1_000, "{edges} edges say little");
}

/// What random transcripts reach too seldom: a rule asks at the end for values that no later line needs.
#[test]
fn a_rule_may_choose_between_two_readings() {
    let text = "a | v {x:int}\nb | v {y:int}\na, b -> c\nc | end\nfinally {x} < {y}\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    for (output, legal) in
        [("v 1\nv 2\nend", true), ("v 2\nv 1\nend", true), ("v 2\nv 2\nend", false)]
    {
        let verdict = transcript.judge(output, Timing::Judged);
        assert_eq!(matches!(verdict, Verdict::Accepted(_)), legal, "{output}: {verdict:?}");
    }
}

/// Likewise: an arrow that a chain of three others makes superfluous.
#[test]
fn a_long_chain_covers_a_direct_arrow() {
    let text = "a | a\na -> b\nb | b\nb -> d\nd | d\na, d -> c\nc | c\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let edges: Vec<_> =
        transcript.covering_edges().iter().map(|edge| (edge.before, edge.after)).collect();
    assert_eq!(edges, [(0, 1), (1, 2), (2, 3)]);
}
