//! One run after the other.

use std::ops::ControlFlow;

use crate::choices::Choices;
use crate::run::{Program, Trace};
use crate::view::{Printed, View};

/// Decides in which orders a program runs, one run after the other.
pub trait Policy {
    /// Prepares the next run. False if nothing is left to try. The run may still not happen, if the bounds are reached.
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

/// Runs a program once, for at most `steps` moves, in the order that the policy chooses.
fn run<P: Program>(
    program: &mut P,
    policy: &mut impl Policy,
    steps: usize,
) -> Result<Trace, P::Error> {
    let mut choices = Choices::default();
    let mut printed = Vec::new();
    let mut last_resorts = Vec::new();
    let mut taken = 0;
    let conclusion = program.run(&mut |moves, state| {
        if taken == steps {
            return None;
        }
        let number = policy.choose(&View { moves, printed: &printed, state })?;
        let chosen = &moves[number];
        taken += 1;
        if moves.len() > 1 {
            choices.push(number);
        }
        let first = printed.len();
        let line = |line: &str| Printed { task: chosen.task.clone(), line: line.to_owned() };
        printed.extend(chosen.lines().map(line));
        if moves.len() == 1 {
            last_resorts.extend(first..printed.len());
        }
        Some(number)
    })?;
    Ok(Trace { choices, printed, last_resorts, steps: taken, conclusion })
}
