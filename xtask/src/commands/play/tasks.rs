//! What the tasks of a directed run are about to do, or wait for.

use runner::{Act, Blocked, Move};

use super::numbers::Numbers;
use super::position::Task;
use crate::labels::Labels;
use crate::terminal::one_line;

/// What each task is about to do, or waits for, in the order of their numbers.
pub(super) fn tasks(
    (labels, numbers): (&Labels<'_>, &Numbers<'_>),
    options: &[Move],
    blocked: &[Blocked],
) -> Vec<Task> {
    let movable = options.iter().map(|option| {
        let prints = (option.act == Act::Print).then(|| one_line(&option.text));
        let task = Task {
            name: labels.name(&option.thread),
            number: numbers.of(&option.thread),
            state: format!("about to {}", labels.does_next(option)),
            holds: String::new(),
            is_blocked: false,
            waits_for: Vec::new(),
            note: None,
            later: labels.later(&option.thread).filter(|_| prints.is_none()),
            prints,
            lane: labels.lane(&option.thread),
        };
        (&option.thread, task)
    });
    let waiting = blocked.iter().map(|blocked| {
        let task = Task {
            name: labels.name(&blocked.thread),
            number: None,
            state: labels.waits(blocked),
            holds: String::new(),
            is_blocked: true,
            waits_for: labels.waits_for(blocked),
            prints: None,
            note: None,
            later: labels.later(&blocked.thread),
            lane: labels.lane(&blocked.thread),
        };
        (&blocked.thread, task)
    });
    let mut all: Vec<_> = movable.chain(waiting).collect();
    all.sort_by_key(|(thread, _)| numbers.of(thread).unwrap_or(usize::MAX));
    all.into_iter().map(|(_, task)| task).collect()
}
