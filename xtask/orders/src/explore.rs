//! One run after the other.

use std::ops::ControlFlow;

use crate::run::{Program, Trace, run};
use crate::view::View;

/// Decides in which orders a program runs, one run after the other.
pub trait Policy {
    /// Begins the next run. False if nothing is left to try. A run that has begun may never come: bounds are bounds.
    fn begin(&mut self) -> bool;

    /// The number of the move that is made next. None ends the run: the policy has seen enough of it.
    fn choose(&mut self, view: &View<'_>) -> Option<usize>;

    /// Learns from the run that has ended.
    fn learn(&mut self, trace: &Trace);
}

/// How much may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most runs.
    pub runs: usize,
    /// The most moves of one run.
    pub steps: usize,
}

/// How much was tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    /// The number of runs.
    pub runs: usize,
    /// The number of moves in all of them.
    pub steps: usize,
    /// Whether the runs stopped before the policy had nothing left to try.
    pub stopped: bool,
}

/// Runs a program until the policy has nothing left to try, the bounds are reached, or `each` breaks.
///
/// `each` sees each run after the policy has learned from it.
///
/// # Errors
///
/// The first error of the program.
pub fn explore<P: Program, Q: Policy>(
    program: &mut P,
    policy: &mut Q,
    bounds: Bounds,
    mut each: impl FnMut(&Q, &Trace) -> ControlFlow<()>,
) -> Result<Tried, P::Error> {
    let mut tried = Tried::default();
    while policy.begin() {
        if tried.runs == bounds.runs {
            tried.stopped = true;
            break;
        }
        let trace = run(program, policy, bounds.steps)?;
        tried.runs += 1;
        tried.steps += trace.steps;
        policy.learn(&trace);
        if each(policy, &trace).is_break() {
            tried.stopped = true;
            break;
        }
    }
    Ok(tried)
}
