//! Random orders that a seed repeats.

use orders::{Policy, PriorityWalk, RandomWalk, Shown, Trace};

use crate::{explored, replayed, scenes};

fn runs(policy: &mut impl Policy, runs: usize) -> Vec<Trace> {
    let (tried, traces) = explored(&mut scenes::fork_twice(), policy, runs);
    assert!(tried.stopped && tried.runs == runs);
    traces
}

#[test]
fn a_seed_makes_the_same_walk() {
    assert_eq!(runs(&mut RandomWalk::new(5), 20), runs(&mut RandomWalk::new(5), 20));
    assert_ne!(runs(&mut RandomWalk::new(5), 20), runs(&mut RandomWalk::new(6), 20));
    assert_eq!(runs(&mut PriorityWalk::new(5, 2), 20), runs(&mut PriorityWalk::new(5, 2), 20));
    assert_ne!(runs(&mut PriorityWalk::new(5, 2), 20), runs(&mut PriorityWalk::new(6, 2), 20));
}

/// The number of different outputs of two tasks with three lines each, in 1,000 runs.
fn different(policy: &mut impl Policy) -> usize {
    let (_, traces) = explored(&mut scenes::two_talkers(), policy, 1_000);
    let mut shown = Shown::default();
    traces.iter().for_each(|trace| shown.add(trace));
    shown.len()
}

#[test]
fn a_priority_divides_the_lines_of_a_task_only_where_it_changes() {
    assert_eq!(different(&mut PriorityWalk::new(1, 0)), 2);
    // One task goes first, up to any of its lines; then the other one has a turn to its end.
    assert_eq!(different(&mut PriorityWalk::new(1, 1)), 6);
    assert_eq!(different(&mut RandomWalk::new(1)), 20);
}

#[test]
fn priorities_show_a_fault_as_often_as_is_guaranteed() {
    const RUNS: usize = 2_000;
    for mut pair in scenes::mutants() {
        let (_, traces) = explored(&mut pair.broken, &mut PriorityWalk::new(1, 1), RUNS);
        let faults = traces.iter().filter(|trace| trace.conclusion.fault.is_some()).count();
        let most = traces.iter().map(|trace| trace.steps).max().unwrap_or(0);
        // Each of these faults needs two moves in a certain order, and there are at most five tasks.
        let least = RUNS / (5 * most);
        println!("{}: {faults} of {RUNS} runs, at least {least} are guaranteed", pair.name);
        assert!(faults >= least, "{}: {faults} of {RUNS} runs, not {least}", pair.name);
    }
}

#[test]
fn walks_show_most_outputs_in_time() {
    for (name, traces) in [
        ("random", runs(&mut RandomWalk::new(1), 2_000)),
        ("priorities", runs(&mut PriorityWalk::new(1, 3), 2_000)),
    ] {
        let mut shown = Shown::default();
        traces.iter().for_each(|trace| shown.add(trace));
        println!("{name}: {} of 140 outputs in 2,000 runs", shown.len());
        assert!(shown.len() > 70, "{name}: {} of 140", shown.len());
        let runs: u128 = shown.outputs().filter_map(|output| output.count).sum();
        assert_eq!(runs, 2_000);
        for output in shown.outputs() {
            assert_eq!(replayed(&mut scenes::fork_twice(), &output.replay).lines(), output.lines);
        }
    }
}
