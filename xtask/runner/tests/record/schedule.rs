//! Disturbed runs end as undisturbed ones do.

use std::time::Duration;

use runner::{Ending, Leftover, Load, Schedule, WaitsFor};

use crate::Test;
use crate::harness::{RUNNER, act, own, shell};

pub(crate) const TESTS: &[Test] = &[
    ("a_shaken_run_comes_to_its_end", a_shaken_run_comes_to_its_end),
    ("what_we_hold_is_not_reported_as_stopped", what_we_hold_is_not_reported_as_stopped),
];

fn a_shaken_run_comes_to_its_end() {
    let _load = Load::start();
    for seed in 0..4 {
        let launch = shell("for i in 1 2 3 4 5 6; do sleep 0.05 & wait; echo $i; done");
        let recording = RUNNER.record(&launch, &Schedule::Shaken { seed }).unwrap();
        assert_eq!(recording.ending, Ending::Code(0), "seed {seed}");
        assert_eq!(recording.stdout(), b"1\n2\n3\n4\n5\n6\n");
        assert!(own(&recording).is_empty(), "{recording:?}");
    }
}

fn what_we_hold_is_not_reported_as_stopped() {
    // Held a third of the time, it would be at the deadline of some of the runs.
    for seed in 0..8 {
        let launch = act("busy").deadline(Duration::from_millis(400));
        let recording = RUNNER.record(&launch, &Schedule::Shaken { seed }).unwrap();
        let Leftover::Running { threads, .. } = own(&recording)[0] else { panic!("{recording:?}") };
        assert_eq!(threads[0].on, WaitsFor::Nothing, "seed {seed}");
    }
}
