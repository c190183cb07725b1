//! The policies, tried on toy programs.

mod adversary;
mod all;
mod law;
mod partial_order;
mod replay;
mod scenes;
mod steer;
mod toy;
mod walk;

use std::ops::ControlFlow;

use arbitrary::Unstructured;
use orders::{All, Bounds, Choices, Policy, Replay, Trace, Tried, explore};

use crate::toy::Toy;

/// More than any toy needs.
const AMPLE: Bounds = Bounds { runs: 10_000, steps: 1_000 };

/// Tries random values made from this many seeds, the same ones each time.
fn each(seeds: u64, mut test: impl FnMut(&mut Unstructured<'_>) -> arbitrary::Result<()>) {
    for seed in 0..seeds {
        let mut bytes = [0; 64];
        fastrand::Rng::with_seed(seed).fill(&mut bytes);
        test(&mut Unstructured::new(&bytes)).expect("enough bytes");
    }
}

/// Runs a toy until the policy has nothing left to try, or within `runs` runs.
fn explored(toy: &mut Toy, policy: &mut impl Policy, runs: usize) -> (Tried, Vec<Trace>) {
    let mut traces = Vec::new();
    let bounds = Bounds { runs, ..AMPLE };
    let Ok(tried) = explore(toy, policy, bounds, |_, trace| {
        traces.push(trace.clone());
        ControlFlow::Continue(())
    });
    (tried, traces)
}

/// Every order of a toy, which has a finite number of states.
fn all(toy: &mut Toy) -> All {
    let mut all = All::default();
    let (tried, _) = explored(toy, &mut all, AMPLE.runs);
    assert!(!tried.stopped && all.is_complete());
    all
}

/// The run with these choices, which must not diverge.
fn replayed(toy: &mut Toy, choices: &Choices) -> Trace {
    let mut replay = Replay::new(choices.clone());
    let (_, mut traces) = explored(toy, &mut replay, AMPLE.runs);
    assert_eq!(replay.divergence(), None);
    assert_eq!(traces.len(), 1);
    traces.remove(0)
}
