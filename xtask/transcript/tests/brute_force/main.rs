//! Compares the matcher and the counter with brute force, over random small transcripts and all permutations of their
//! lines.
//!
//! The model does not use the crate. It writes a transcript as text, and decides by definition what is legal.

mod legal;
mod model;

use std::collections::BTreeSet;

use arbitrary::{Result, Unstructured};
use transcript::{Count, Fault, Rejected, Timing, Transcript, Verdict};

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

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A rejection names lines that exist.
fn check_faults(why: &Rejected, lines: &[String], model: &Model) {
    let place = |fault: &Fault| {
        let inside = |line: &usize| (1..=lines.len()).contains(line);
        fault.output_lines.iter().all(inside)
            && (!fault.output_lines.is_empty() || fault.transcript_line.is_some())
    };
    assert!(!why.faults.is_empty() && why.faults.iter().all(place), "{why:?}\n{}", model.text);
    for line in why.wrapped(40).lines() {
        assert!(line.chars().count() <= 40, "{line}");
    }
}

/// Tries models made from this many seeds, the same ones each time.
fn each(seeds: u64, mut test: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    for seed in 0..seeds {
        let mut bytes = vec![0; 1_024];
        fastrand::Rng::with_seed(seed).fill(&mut bytes);
        test(&mut Unstructured::new(&bytes)).expect("enough bytes for a model");
    }
}

/// A model and its transcript; none if the format refuses it because the end of a `*|` event is unclear.
fn both(u: &mut Unstructured<'_>) -> Result<Option<(Model, Transcript)>> {
    let model = Model::random(u)?;
    match Transcript::parse("random.txt", &model.text) {
        Ok(transcript) => Ok(Some((model, transcript))),
        Err(error) if error.to_string().contains("where these lines end") => Ok(None),
        Err(error) => panic!("{error}\n\n{}", model.text),
    }
}

#[test]
fn the_matcher_accepts_exactly_what_brute_force_accepts() {
    let (mut accepted, mut rejected) = (0, 0);
    each(150, |u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        for lines in permutations(&model.concrete(u)?) {
            let output = joined(&lines);
            let verdict = transcript.judge(&output, Timing::Judged);
            let legal = model.legal(&lines);
            *(if legal { &mut accepted } else { &mut rejected }) += 1;
            match verdict {
                Verdict::Accepted(_) => {
                    assert!(legal, "accepted, but illegal:\n{output}\n{}", model.text);
                }
                Verdict::Rejected(why) => {
                    assert!(!legal, "rejected, but legal:\n{output}\n{}\n{why}", model.text);
                    check_faults(&why, &lines, &model);
                }
                Verdict::Undecided(_) => panic!("undecided:\n{output}\n{}", model.text),
            }
        }
        Ok(())
    });
    assert!(
        accepted > 1_000 && rejected > 1_000,
        "{accepted} legal and {rejected} illegal outputs say little"
    );
}

#[test]
fn the_counter_counts_what_brute_force_lists() {
    let mut counted = 0;
    each(1_000, |u| {
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
    });
    assert!(counted > 100, "{counted} transcripts say little");
}

#[test]
fn samples_are_legal() {
    let mut samples = 0;
    each(1_000, |u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        if let Some(lines) = transcript.sample(u.arbitrary()?) {
            assert!(lines.len() > 12 || model.legal(&lines), "{lines:?}\n{}", model.text);
            let verdict = transcript.judge(&joined(&lines), Timing::Judged);
            assert!(matches!(verdict, Verdict::Accepted(_)), "{lines:?}\n{}", model.text);
            samples += 1;
        }
        Ok(())
    });
    assert!(samples > 100, "{samples} samples say little");
}

/// Legal outputs with a line dropped, doubled, changed, or two lines swapped: the matcher says what brute force says.
#[test]
fn spoilt_outputs_are_told_from_legal_ones() {
    let (mut accepted, mut rejected) = (0, 0);
    each(500, |u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        let Some(run) = transcript.sample(u.arbitrary()?).filter(|run| run.len() <= 8) else {
            return Ok(());
        };
        for line in 0..run.len() {
            let mut spoilt = vec![run.clone(); 4];
            spoilt[0].remove(line);
            spoilt[1].insert(line, run[line].clone());
            spoilt[2][line].push('7');
            spoilt[3].swap(line, (line + 1) % run.len());
            for lines in spoilt {
                let verdict = transcript.judge(&joined(&lines), Timing::Judged);
                let legal = model.legal(&lines);
                assert_eq!(
                    matches!(verdict, Verdict::Accepted(_)),
                    legal,
                    "{lines:?}\n{}",
                    model.text
                );
                *(if legal { &mut accepted } else { &mut rejected }) += 1;
            }
        }
        Ok(())
    });
    assert!(
        accepted > 100 && rejected > 1_000,
        "{accepted} legal and {rejected} spoilt outputs say little"
    );
}

/// A weakened transcript accepts everything that the whole one accepts, and an output that breaks only one constraint
/// passes without it.
#[test]
fn a_weakening_accepts_no_less() {
    let mut let_through = 0;
    each(400, |u| {
        let Some((model, transcript)) = both(u)? else {
            return Ok(());
        };
        let weakenings = transcript.weakenings();
        for lines in permutations(&model.concrete(u)?).into_iter().take(24) {
            let output = joined(&lines);
            let verdict = transcript.judge(&output, Timing::Judged);
            for weakening in &weakenings {
                let weaker = weakening.transcript.judge(&output, Timing::Judged);
                let passes = matches!(weaker, Verdict::Accepted(_));
                match &verdict {
                    Verdict::Accepted(_) => {
                        assert!(passes, "{weakening}:\n{output}\n{}", model.text);
                    }
                    Verdict::Rejected(_) if passes => let_through += 1,
                    _ => {}
                }
            }
        }
        Ok(())
    });
    assert!(let_through > 100, "{let_through} outputs let through say little");
}

#[test]
fn covering_edges_are_the_transitive_reduction() {
    let mut edges = 0;
    each(1_000, |u| {
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
    });
    assert!(edges > 1_000, "{edges} edges say little");
}

/// Random transcripts seldom have this: at the end, a rule needs values that no later line needs.
#[test]
fn a_rule_may_choose_between_two_readings() {
    let text = "a | v {x:int}\nb | v {y:int}\na, b -> c\nc | end\nfinally {x} < {y}\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    for (output, legal) in
        [("v 1\nv 2\nend\n", true), ("v 2\nv 1\nend\n", true), ("v 2\nv 2\nend\n", false)]
    {
        let verdict = transcript.judge(output, Timing::Judged);
        assert_eq!(matches!(verdict, Verdict::Accepted(_)), legal, "{output}: {verdict:?}");
    }
}

/// Nor this: an arrow that a chain of three others makes superfluous.
#[test]
fn a_long_chain_covers_a_direct_arrow() {
    let text = "a | a\na -> b\nb | b\nb -> d\nd | d\na, d -> c\nc | c\n";
    let transcript = Transcript::parse("t.txt", text).expect("a transcript");
    let edges: Vec<_> =
        transcript.covering_edges().iter().map(|edge| (edge.before, edge.after)).collect();
    assert_eq!(edges, [(0, 1), (1, 2), (2, 3)]);
}
