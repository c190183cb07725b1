//! What the tasks of a directed run are about to do, or wait for.

use runner::{Act, Blocked, Move};

use super::numbers::Numbers;
use super::position::Task;
use crate::labels::Labels;

/// What each task is about to do, or waits for, in the order of their keys.
pub(super) fn tasks(
    (labels, numbers): (&Labels<'_>, &Numbers<'_>),
    options: &[Move],
    blocked: &[Blocked],
) -> Vec<Task> {
    let movable = options.iter().map(|option| {
        let prints = (option.act == Act::Print).then(|| one_line(&option.text));
        let task = Task {
            name: labels.name(&option.thread),
            number: Some(numbers.of(&option.thread)),
            state: format!("about to {}", does_next(labels, option)),
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
    all.sort_by_key(|(thread, _)| numbers.of(thread));
    all.into_iter().map(|(_, task)| task).collect()
}

pub(super) fn one_line(text: &str) -> String {
    text.lines().map(runner::escaped).collect::<Vec<_>>().join(" ⏎ ")
}

fn does_next(labels: &Labels<'_>, option: &Move) -> String {
    let next = match option.act {
        Act::Begin => "begin",
        Act::Print => "print",
        Act::Return => "return from printing",
        Act::EndSleep => "end its sleep",
        Act::Wake => return format!("wake {}", labels.named(&option.text)),
        Act::EndWait => "wake up: its wait may be over",
        Act::TimeOut => "meet its timeout",
        Act::EndPoll => "see that its wait is over",
        Act::Signal => return format!("send {}", labels.with_names(&option.text)),
        Act::Spawned => "go on after it has started a thread",
        Act::Exit => "end its process",
        _ => "go on",
    };
    next.to_owned()
}
