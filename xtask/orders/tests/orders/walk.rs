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

#[test]
fn without_changes_a_task_goes_on_while_it_can() {
    for trace in runs(&mut PriorityWalk::new(1, 0), 50) {
        // A task that is overtaken was blocked, or has met one with a higher priority. None comes back to it: so its
        // own two lines in a row are never divided by an elder task's.
        let tasks: Vec<String> = trace.printed.iter().map(|it| it.task.to_string()).collect();
        let leaf = tasks.iter().filter(|task| *task == "0.1.1").count();
        assert_eq!(leaf, 1);
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
