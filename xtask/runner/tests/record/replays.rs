//! A list of choices repeats a run, every time.

use std::thread;

use runner::{Choice, Direction, Launch, Step, View};

use crate::Test;
use crate::harness::{act, direct, output, replay, shell};

pub(crate) const TESTS: &[Test] =
    &[("a_replay_does_the_same_each_time", a_replay_does_the_same_each_time)];

/// Programs of several processes or threads, none of which prints a number of a process.
fn programs() -> Vec<Launch> {
    let scripts = [
        "echo one & echo two & echo three & wait; echo end",
        "(echo a; echo b) & (echo c | cat; echo d) & wait; echo e",
        "(sleep 0.002; echo a; sleep 0.001; echo b) & (sleep 0.001; echo c; sleep 0.002; echo d) & wait",
        "for i in 1 2 3; do (echo $i | (read n; echo $n) ) & done; wait",
    ];
    let acts = ["two-threads", "lockers", "spawns", "deadlines", "draws", "pollers"];
    scripts.into_iter().map(shell).chain(acts.into_iter().map(act)).collect()
}

/// For each program, the number of runs with random choices, and of replays of each.
const WALKS: u64 = 3;
const REPLAYS: usize = 10;

fn a_replay_does_the_same_each_time() {
    thread::scope(|scope| {
        for launch in programs() {
            scope.spawn(move || (0..WALKS).for_each(|seed| walk_and_replay(&launch, seed)));
        }
    });
}

fn walk_and_replay(launch: &Launch, seed: u64) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let choose = |view: &View<'_>| Choice::Take(rng.usize(..view.options.len()));
    let first = direct(launch.clone(), &Direction::default(), choose);
    let choices = first.choices();
    for _ in 0..REPLAYS {
        let again = replay(launch.clone(), &choices);
        assert_eq!(said(&again.steps), said(&first.steps), "{launch:?} {choices:?}");
        assert_eq!(output(&again), output(&first));
        assert_eq!(again.recording.ending, first.recording.ending);
    }
}

/// Everything of the steps that does not differ from run to run.
fn said(steps: &[Step]) -> Vec<String> {
    let said = |Step { made, chosen, options }: &Step| {
        format!("{} {:?} {:?}: {chosen} of {options}", made.thread, made.act, made.neutral)
    };
    steps.iter().map(said).collect()
}
