//! Disturbed runs end as undisturbed ones do.

use std::thread;
use std::time::Duration;

use runner::{Ending, Launch, Leftover, Recording, Schedule, Stress, WaitsFor};

use crate::Test;
use crate::harness::{RUNNER, own, shell};

pub(crate) const TESTS: &[Test] = &[
    ("a_shaken_run_comes_to_its_end", a_shaken_run_comes_to_its_end),
    ("what_we_hold_is_not_reported_as_stopped", what_we_hold_is_not_reported_as_stopped),
];

fn a_shaken_run_comes_to_its_end() {
    let _stress = Stress::start();
    let launch = shell("for i in 1 2 3 4 5 6; do sleep 0.05 & wait; echo $i; done");
    for (seed, recording) in shaken(4, &launch) {
        assert_eq!(recording.ending, Ending::Code(0), "seed {seed}");
        assert_eq!(recording.stdout(), b"1\n2\n3\n4\n5\n6\n");
        assert!(own(&recording).is_empty(), "{recording:?}");
    }
}

/// The runs of this many seeds, at the same time.
fn shaken(seeds: u64, launch: &Launch) -> Vec<(u64, Recording)> {
    let record = |seed| RUNNER.record(launch, &Schedule::Shaken { seed }).unwrap();
    thread::scope(|scope| {
        let runs: Vec<_> =
            (0..seeds).map(|seed| (seed, scope.spawn(move || record(seed)))).collect();
        runs.into_iter().map(|(seed, run)| (seed, run.join().unwrap())).collect()
    })
}

fn what_we_hold_is_not_reported_as_stopped() {
    // If it were held for a third of the time, some runs would reach their deadline.
    let launch = Launch::new(["sleep", "1000"]).deadline(Duration::from_millis(400));
    for (seed, recording) in shaken(8, &launch) {
        let Leftover::Running { threads, .. } = own(&recording)[0] else { panic!("{recording:?}") };
        assert_ne!(threads[0].on, WaitsFor::Continue, "seed {seed}");
    }
}
