//! Every order: complete, each output once, and no other.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::ControlFlow;

use orders::{All, Bounds, Choose, Conclusion, End, Move, Output, Program, TaskName, explore};

use crate::partial_order::PartialOrder;
use crate::toy::Toy;
use crate::{AMPLE, all, each, explored, replayed, scenes};

/// How many outputs a toy has. Each of them is replayed.
fn count(mut toy: Toy) -> usize {
    let all = all(&mut toy);
    let outputs = all.outputs(usize::MAX);
    assert_eq!(all.count(usize::MAX), Some(outputs.len() as u128));
    for Output { lines, end, replay, .. } in &outputs {
        let trace = replayed(&mut toy, replay);
        assert_eq!((&trace.lines(), trace.conclusion.end, &trace.choices), (lines, *end, replay));
    }
    let different: BTreeSet<_> = outputs.iter().map(|output| (&output.lines, output.end)).collect();
    assert_eq!(different.len(), outputs.len());
    outputs.len()
}

#[test]
fn the_outputs_of_scenes_are_counted() {
    assert_eq!(count(scenes::fork_twice()), 140);
    assert_eq!(count(scenes::any_order(4)), 24);
    assert_eq!(count(scenes::any_order(6)), 720);
    assert_eq!(count(scenes::rlock()), 6);
    assert_eq!(count(scenes::barrier()), 216);
}

#[test]
fn orders_that_meet_in_a_state_are_merged() {
    let mut toy = scenes::any_order(6).without_births();
    let all = all(&mut toy);
    // A state for each set of children that have printed, of 2^6, and one before main's line: the last of the 64.
    assert_eq!(all.states(), 64);
    assert!(toy.runs < 720 / 4, "{} runs", toy.runs);
}

#[test]
fn a_search_that_was_stopped_does_not_claim_to_be_complete() {
    let mut policy = All::default();
    let (tried, traces) = explored(&mut scenes::any_order(4), &mut policy, 5);
    assert!(tried.stopped && !policy.is_complete());
    assert_eq!((tried.runs, traces.len()), (5, 5));
    assert!((5..24).contains(&policy.outputs(usize::MAX).len()));
    assert_eq!(policy.outputs(3).len(), 3);
    assert_eq!(policy.count(2), None);
}

#[test]
fn a_run_that_was_cut_short_shows_no_output() {
    let mut policy = All::default();
    let bounds = Bounds { steps: 3, ..AMPLE };
    let Ok(tried) = explore(&mut scenes::any_order(4), &mut policy, bounds, |_, trace| {
        assert_eq!((trace.steps, trace.conclusion.end), (3, End::Stopped));
        ControlFlow::Continue(())
    });
    assert!(!tried.stopped, "nothing is left to try within three moves");
    assert!(!policy.is_complete());
    assert_eq!((policy.outputs(usize::MAX).len(), policy.count(usize::MAX)), (0, Some(0)));
}

#[test]
fn a_path_is_an_order_of_moves() {
    let outputs = all(&mut scenes::lost_update()).outputs(usize::MAX);
    let counts: Vec<_> =
        outputs.iter().map(|output| (output.lines.join("\n"), output.count)).collect();
    // The textbook's six schedules of two threads that load and store.
    let expected = [("the cell is 1".to_owned(), Some(4)), ("the cell is 2".to_owned(), Some(2))];
    assert_eq!(counts, expected);
}

#[test]
fn a_deadlock_is_an_output_of_its_own() {
    let outputs = all(&mut scenes::deadlock()).outputs(usize::MAX);
    let ends: Vec<_> = outputs.iter().map(|output| (output.end, output.lines.len())).collect();
    assert_eq!(ends, [(End::Stuck, 0), (End::Finished, 2), (End::Finished, 2)]);
}

#[test]
fn a_program_that_polls_has_finitely_many_outputs_and_endlessly_many_paths() {
    let outputs = all(&mut scenes::poll()).outputs(usize::MAX);
    let outputs: Vec<_> = outputs.iter().map(|it| (it.lines.join(" "), it.count)).collect();
    assert_eq!(outputs, [("set bye seen".to_owned(), None), ("set seen bye".to_owned(), None)]);
}

/// Decides by itself how it goes on from its second state.
struct Wilful {
    runs: usize,
}

impl Program for Wilful {
    type Error = Infallible;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
        self.runs += 1;
        let first = Move::print(TaskName::first(), "one\ntwo\n");
        let second = Move::other(TaskName::first().child(1), "wait");
        let last = Move::print(TaskName::first(), format!("run {}", self.runs % 2));
        let end = choose(&[first, second.clone()], 0)
            .and_then(|_| choose(std::slice::from_ref(&second), 1))
            .and_then(|_| choose(&[last], 2))
            .map_or(End::Stopped, |_| End::Finished);
        Ok(Conclusion { end, fault: None, events: Vec::new() })
    }
}

#[test]
fn a_program_that_decides_by_itself_is_noticed() {
    let mut policy = All::default();
    let mut surprises = Vec::new();
    let Ok(tried) = explore(&mut Wilful { runs: 0 }, &mut policy, AMPLE, |all, _| {
        surprises.push(all.surprises());
        ControlFlow::Continue(())
    });
    assert_eq!((tried.runs, surprises), (2, vec![0, 1]));
    assert!(!policy.is_complete());
}

#[test]
fn a_move_may_print_several_lines() {
    let mut policy = All::default();
    let bounds = Bounds { runs: 1, ..AMPLE };
    let Ok(_) = explore(&mut Wilful { runs: 0 }, &mut policy, bounds, |_, trace| {
        assert_eq!(trace.lines(), ["one", "two", "run 1"]);
        ControlFlow::Continue(())
    });
    assert_eq!(policy.outputs(9)[0].lines, ["one", "two", "run 1"]);
}

#[test]
fn the_outputs_are_the_linear_extensions_of_a_partial_order() {
    let mut widest = 0;
    each(200, |u| {
        let order = PartialOrder::arbitrary(u)?;
        let mut toy = order.toy(u.arbitrary()?);
        let outputs = all(&mut toy).outputs(usize::MAX);
        let found: Vec<_> = outputs.iter().map(|output| output.lines.clone()).collect();
        assert_eq!(found, order.extensions());
        for Output { lines, replay, .. } in &outputs {
            assert_eq!(replayed(&mut toy, replay).lines(), *lines);
        }
        widest = widest.max(found.len());
        Ok(())
    });
    assert!(widest >= 60, "at most {widest} outputs say little");
}
