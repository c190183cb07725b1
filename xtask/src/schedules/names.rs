//! What the threads of a schedule are called, and what they lack.

use std::collections::BTreeMap;

use explorer::{Schedule, ThreadStatus};
use transcript::Transcript;

use crate::labels::{Lines, task_lanes};

/// The thread of each line so far.
pub(crate) fn printing(schedule: &Schedule) -> Vec<usize> {
    let printing = schedule.steps.iter().filter(|step| step.printed.is_some());
    printing.map(|step| step.thread as usize).collect()
}

/// What a thread that cannot go on lacks. It may not have asked for it yet.
pub(crate) fn needs(what: &str) -> String {
    let verb = if what.starts_with("the end of") { "waits for" } else { "needs" };
    format!("{verb} {what}")
}

/// What the threads are called.
pub(crate) struct Names<'a> {
    threads: &'a [ThreadStatus],
    /// The lane that is a thread's own.
    lanes: BTreeMap<usize, usize>,
    transcript: Option<&'a Transcript>,
}

impl<'a> Names<'a> {
    /// `here` are the threads and lanes of the lines of this schedule, `usual` of those of another one.
    pub(crate) fn new(
        threads: &'a [ThreadStatus],
        transcript: Option<&'a Transcript>,
        here: Lines<'_, usize>,
        usual: Lines<'_, usize>,
    ) -> Self {
        Self { threads, lanes: task_lanes(here, usual), transcript }
    }

    /// `thread 1 (producer)`: the name in the program, and the lane if it has another name. A lane has no spaces.
    pub(crate) fn of(&self, number: usize) -> String {
        let Some(ThreadStatus { thread, .. }) = self.threads.get(number) else {
            return String::new();
        };
        let lane = self.lane(number).and_then(|lane| self.transcript?.lanes().get(lane));
        match lane.filter(|lane| **lane != thread.replace(' ', "")) {
            Some(lane) => format!("{thread} ({lane})"),
            None => thread.clone(),
        }
    }

    pub(crate) fn lane(&self, number: usize) -> Option<usize> {
        self.lanes.get(&number).copied()
    }

    /// The name with the lane of a thread that has this name in the program.
    pub(crate) fn longer(&self, name: &str) -> String {
        let number = self.threads.iter().position(|status| status.thread == name);
        number.map_or_else(|| name.to_owned(), |number| self.of(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_named_if_it_says_more() {
        let text = "producer | one\nphilosopher0 | two\nleft | three\n";
        let transcript = Transcript::parse("t.txt", text).expect("a transcript");
        let threads = ["thread 1", "philosopher 0", "left"].map(|name| ThreadStatus {
            thread: name.to_owned(),
            line: 1,
            next: String::new(),
            prints: None,
            can_go_on: true,
            has_ended: false,
            waits_for: Vec::new(),
            holds: Vec::new(),
        });
        let lines = (&[0, 1, 2][..], &[Some(0), Some(1), Some(2)][..]);
        let names = Names::new(&threads, Some(&transcript), lines, lines);
        let named = [0, 1, 2].map(|number| names.of(number));
        assert_eq!(named, ["thread 1 (producer)", "philosopher 0", "left"]);
    }
}
