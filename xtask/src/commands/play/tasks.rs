//! What the tasks of a directed run are about to do, or wait for.

use runner::{Act, Blocked, Move, Step};

use super::numbers::Numbers;
use super::position::Task;
use crate::labels::Labels;
use crate::terminal::one_line;

/// What each task is about to do, or waits for, in the order of their numbers.
pub(super) fn tasks(
    (labels, numbers): (&Labels<'_>, &Numbers<'_>),
    steps: &[Step],
    options: &[Move],
    blocked: &[Blocked],
) -> Vec<Task> {
    let movable = options.iter().map(|option| {
        let prints = (option.act == Act::Print).then(|| one_line(&option.text));
        let task = Task {
            name: labels.name(&option.thread),
            number: numbers.of(&option.thread),
            state: match naps_on(steps, option) {
                true => "about to end another sleep".to_owned(),
                false => format!("about to {}", labels.does_next(option)),
            },
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

/// Whether a task has ended a sleep, and is in the next one: perhaps it looks at something again and again.
fn naps_on(steps: &[Step], option: &Move) -> bool {
    let mut own = steps.iter().rev().map(|step| &step.made);
    let last = own.find(|made| made.thread == option.thread);
    option.act == Act::EndSleep && last.is_some_and(|made| made.act == Act::EndSleep)
}
