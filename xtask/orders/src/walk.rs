//! Random orders.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::explore::Policy;
use crate::run::Trace;
use crate::task::TaskName;
use crate::view::View;

/// A policy that chooses each move at random. It never ends by itself.
#[derive(Debug, Clone)]
pub struct RandomWalk {
    rng: Rng,
}

impl RandomWalk {
    /// The same seed makes the same choices.
    pub fn new(seed: u64) -> RandomWalk {
        RandomWalk { rng: Rng::with_seed(seed) }
    }
}

impl Policy for RandomWalk {
    fn begin(&mut self) -> bool {
        true
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        Some(self.rng.usize(..view.moves.len()))
    }

    fn learn(&mut self, _: &Trace) {}
}

/// A policy that gives each task a random priority, and always moves the task with the highest one.
///
/// At a few random moments of a run, the task that would move gets the lowest priority so far. A fault that shows when
/// `d` moves come in a certain order needs `d - 1` such changes. With `n` tasks and `k` moves, each run then shows it
/// with a probability of at least 1 in `n * k^(d - 1)`, however many orders there are:
/// [Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS
/// 2010](https://doi.org/10.1145/1736020.1736040), who call it PCT. The policy never ends by itself.
#[derive(Debug, Clone)]
pub struct PriorityWalk {
    rng: Rng,
    changes: usize,
    /// The most moves that a run has had.
    longest: usize,
    run: Priorities,
}

/// What one run has drawn.
#[derive(Debug, Clone, Default)]
struct Priorities {
    of: BTreeMap<TaskName, i64>,
    /// The moves before which a priority changes.
    changes: Vec<usize>,
    steps: usize,
    /// The lowest priority so far.
    lowest: i64,
}

impl PriorityWalk {
    /// With this many changes in each run. The same seed makes the same choices.
    pub fn new(seed: u64, changes: usize) -> PriorityWalk {
        let run = Priorities::default();
        PriorityWalk { rng: Rng::with_seed(seed), changes, longest: 1, run }
    }

    /// The move of the task with the highest priority.
    fn highest(&mut self, view: &View<'_>) -> Option<usize> {
        let priority = |number: &usize| {
            let task = view.moves[*number].task.clone();
            *self.run.of.entry(task).or_insert_with(|| self.rng.i64(0..))
        };
        (0..view.moves.len()).max_by_key(priority)
    }
}

impl Policy for PriorityWalk {
    fn begin(&mut self) -> bool {
        let changes = (0..self.changes).map(|_| self.rng.usize(..self.longest)).collect();
        self.run = Priorities { changes, ..Priorities::default() };
        true
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        let changes = self.run.changes.iter().filter(|&&change| change == self.run.steps).count();
        for _ in 0..changes {
            let first = self.highest(view)?;
            self.run.lowest -= 1;
            self.run.of.insert(view.moves[first].task.clone(), self.run.lowest);
        }
        self.run.steps += 1;
        self.highest(view)
    }

    fn learn(&mut self, trace: &Trace) {
        self.longest = self.longest.max(trace.steps);
    }
}
