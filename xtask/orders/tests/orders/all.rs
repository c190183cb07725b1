//! Every order: complete, each output once, and no other.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::ControlFlow;

use orders::{
    All, Bounds, Choose, Conclusion, End, Move, Output, Program, Replay, Steer, Steered, TaskName,
    Wanted, explore,
};

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
fn an_output_is_found_without_a_run() {
    let mut toy = scenes::fork_twice();
    let all = all(&mut toy);
    let outputs = all.outputs(usize::MAX);
    let wanted: Vec<Wanted> = outputs.iter().map(|output| Wanted::new(&output.lines)).collect();
    for (replay, output) in all.find(&wanted).into_iter().zip(&outputs) {
        assert_eq!(replayed(&mut toy, &replay.expect("a path")).lines(), output.lines);
    }
    let mut backwards = outputs[0].lines.clone();
    backwards.reverse();
    let incomplete = &outputs[0].lines[1..];
    let stuck = Wanted::new(&outputs[0].lines).ending(End::Stuck);
    let others = [Wanted::new(&backwards), Wanted::new(incomplete), stuck];
    assert_eq!(all.find(&others), [None, None, None]);
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

/// Decides by itself how it goes on from its first state, and then leaves eight choices.
struct Wilful {
    runs: u64,
}

impl Program for Wilful {
    type Error = Infallible;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
        self.runs += 1;
        let first = Move::print(TaskName::first(), "one\ntwo\n");
        let last = |task| Move::print(TaskName::first().child(task), format!("task {task}"));
        let end = choose(&[first], 0)
            .and_then(|_| choose(&[1, 2, 3, 4, 5, 6, 7, 8].map(last), 1 + self.runs % 2))
            .map_or(End::Stopped, |_| End::Finished);
        Ok(Conclusion { end, fault: None, events: Vec::new() })
    }
}

#[test]
fn a_program_that_decides_by_itself_is_noticed() {
    let mut policy = All::default();
    let Ok(tried) =
        explore(&mut Wilful { runs: 0 }, &mut policy, AMPLE, |_, _| ControlFlow::Continue(()));
    assert!(!tried.stopped && policy.surprises() > 0);
    assert!(!policy.is_complete());
}

/// Two tasks pass, and later the line tells which was the first. The signature does not see it.
struct Hidden;

impl Program for Hidden {
    type Error = Infallible;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
        let task = |number| TaskName::first().child(number);
        let mut left = vec![Move::other(task(1), "pass"), Move::other(task(2), "pass")];
        let mut passed = Vec::new();
        let mut end = End::Finished;
        while end == End::Finished && passed.len() < 2 {
            match choose(&left, passed.len() as u64) {
                Some(number) => passed.push(left.remove(number)),
                None => end = End::Stopped,
            }
        }
        let line =
            |first: &Move| Move::print(TaskName::first(), format!("{} was first", first.task));
        let tell = [Move::other(TaskName::first(), "wait")];
        let told = choose(&tell, 2).and_then(|_| choose(&[line(&passed[0])], 3));
        let end = if told.is_some() { end } else { End::Stopped };
        Ok(Conclusion { end, fault: None, events: Vec::new() })
    }
}

#[test]
fn states_that_look_alike_are_told_apart_by_their_past() {
    let mut policy = All::default();
    let Ok(_) = explore(&mut Hidden, &mut policy, AMPLE, |_, _| ControlFlow::Continue(()));
    assert!(policy.is_complete());
    let outputs = policy.outputs(usize::MAX);
    let found: Vec<_> = outputs.iter().map(|it| (it.lines.join("\n"), it.count)).collect();
    let expected = [("0.1 was first".to_owned(), Some(1)), ("0.2 was first".to_owned(), Some(1))];
    assert_eq!(found, expected);
    for Output { lines, replay, .. } in outputs {
        let mut replay = Replay::new(replay);
        let Ok(_) = explore(&mut Hidden, &mut replay, AMPLE, |_, trace| {
            assert_eq!(trace.lines(), lines);
            ControlFlow::Continue(())
        });
        let mut steer = Steer::new(Wanted::new(&lines), &[]);
        let Ok(_) = explore(&mut Hidden, &mut steer, AMPLE, |_, _| ControlFlow::Continue(()));
        assert!(matches!(steer.result(), Steered::Shown(_)), "{lines:?}: {:?}", steer.result());
    }
}

/// From its first state, one way leads to a blind alley, and one to a state with a way back and a way out.
struct Maze;

impl Program for Maze {
    type Error = Infallible;

    fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
        let way = |name| Move::other(TaskName::first(), name);
        let mut state = 0;
        let end = loop {
            let ways = match state {
                0 => vec![way("alley"), way("on")],
                1 => vec![way("back")],
                2 => vec![way("back"), way("out")],
                _ => break End::Finished,
            };
            state = match (state, choose(&ways, state)) {
                (_, None) => break End::Stopped,
                (0, Some(number)) => 1 + number as u64,
                (2, Some(1)) => 3,
                _ => 0,
            };
        };
        Ok(Conclusion { end, fault: None, events: Vec::new() })
    }
}

#[test]
fn a_run_that_goes_round_in_circles_finds_the_way_out() {
    let mut policy = All::default();
    let Ok(tried) = explore(&mut Maze, &mut policy, AMPLE, |_, _| ControlFlow::Continue(()));
    assert!(policy.is_complete() && policy.states() == 3);
    assert_eq!((tried.runs, tried.steps), (1, 6));
}

#[test]
fn a_move_may_print_several_lines() {
    let mut policy = All::default();
    let bounds = Bounds { runs: 1, ..AMPLE };
    let Ok(_) = explore(&mut Wilful { runs: 0 }, &mut policy, bounds, |_, trace| {
        assert_eq!(trace.lines(), ["one", "two", "task 1"]);
        ControlFlow::Continue(())
    });
    assert_eq!(policy.outputs(9)[0].lines, ["one", "two", "task 1"]);
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
