//! What the orders of a scene print.

use super::legal::Legal;

/// What a percentage of the schedules means.
pub(super) const OF_SCHEDULES: &str =
    "The percentages count schedules. They do not say how likely an outcome is.";

/// All that was found.
pub(super) struct Found {
    /// The scene, for a heading.
    pub(super) name: String,
    /// How many orders there are, and whether these are all.
    pub(super) sum: String,
    /// What a reader has to know about them.
    pub(super) notes: Vec<String>,
    pub(super) outcomes: Vec<Outcome>,
    /// What is counted: `schedule` or `run`.
    pub(super) unit: &'static str,
    /// What a percentage means.
    pub(super) share: &'static str,
    pub(super) legal: Option<Legal>,
}

/// One thing that can be printed.
pub(super) struct Outcome {
    /// In how many of the orders it is printed. None if there are infinitely many.
    pub(super) count: Option<u128>,
    pub(super) lines: Vec<String>,
    /// What happened, apart from what was printed.
    pub(super) notes: Vec<String>,
    /// Why it is illegal, if it is.
    pub(super) fault: Option<String>,
    /// The command that shows one of its orders.
    pub(super) replay: String,
}

/// In how many orders these are printed; at most `u128::MAX`. None if there are infinitely many.
pub(super) fn sum<'o>(outcomes: impl IntoIterator<Item = &'o Outcome>) -> Option<u128> {
    let mut counts = outcomes.into_iter().map(|outcome| outcome.count);
    counts.try_fold(0, |sum: u128, count| Some(sum.saturating_add(count?)))
}

impl Found {
    /// How many outcomes are illegal.
    pub(super) fn faults(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.fault.is_some()).count()
    }
}
