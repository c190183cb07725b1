//! Where a run is: what the reader sees before each choice, whatever plays the scene.

use transcript::{ConstraintKind, FaultKind, Transcript, Verdict};

use super::goal::{Goal, Known, Progress};
use crate::exit::Result;

/// A scene whose order the reader decides on.
pub(super) trait Playable {
    /// The scene, for a heading.
    fn name(&self) -> &str;

    fn transcript(&self) -> Option<&Transcript>;

    /// Where the run is after these choices. All moves that leave no choice are made.
    fn at(&mut self, choices: &[usize]) -> Result<Position>;

    /// How many of the schedules that begin with these choices reach the goal. None if this is not known.
    fn outlook(&mut self, choices: &[usize], goal: &Goal) -> Result<Option<Outlook>>;

    /// Whether real processes play it: a task may have another number after a choice, and to take a choice back is to
    /// begin anew.
    fn is_live(&self) -> bool;

    /// The lines of a whole run in the usual order. None if no such run was seen.
    fn usual_lines(&self) -> Option<&str>;

    /// The command that plays these choices again.
    fn replay(&self, choices: &[usize]) -> String;
}

/// A moment at which the reader decides, or the end of the run.
pub(super) struct Position {
    /// What was printed so far.
    pub(super) output: String,
    /// For each line of the output, the name of the task that printed it.
    pub(super) authors: Vec<String>,
    /// What the transcript says about the output so far. None without a transcript.
    pub(super) verdict: Option<Verdict>,
    /// What was done before the last chosen move.
    pub(super) earlier: Vec<Made>,
    /// What was done from the last chosen move on.
    pub(super) made: Vec<Made>,
    /// Every task that has not ended.
    pub(super) tasks: Vec<Task>,
    /// What can still come, in words.
    pub(super) left: Option<String>,
    pub(super) next: Next,
}

/// A move that was made.
pub(super) struct Made {
    pub(super) how: How,
    /// `child begins`.
    pub(super) text: String,
}

/// How something came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The reader has chosen it.
    Chosen,
    /// Nothing else was possible.
    Forced,
    /// It is no move: it follows from the move before it.
    Follows,
}

/// A process or a thread.
pub(super) struct Task {
    pub(super) name: String,
    /// The key that lets it go on. None if it cannot be chosen.
    pub(super) number: Option<usize>,
    /// `about to begin`, `waits for lock b, which left holds`.
    pub(super) state: String,
    /// The locks that it holds, as far as they are known; empty if it holds none.
    pub(super) holds: String,
    /// Whether others must act first.
    pub(super) is_blocked: bool,
    /// The names of the tasks that it waits for, as far as they are known.
    pub(super) waits_for: Vec<String>,
    /// The text that it is about to print.
    pub(super) prints: Option<String>,
    /// More about it: where it is in the source, or what it will print later.
    pub(super) note: Option<String>,
    /// The lane of the transcript that it prints in, if it is known and has no other task.
    pub(super) lane: Option<usize>,
}

impl Task {
    /// `[1] philosopher 0`, as the reader chooses it. None if it cannot be chosen.
    pub(super) fn numbered(&self) -> Option<String> {
        Some(format!("{} {}", key(self.number?), self.name))
    }
}

/// A number that the reader types, as it is written everywhere: names and lines have numbers too.
pub(super) fn key(number: usize) -> String {
    format!("[{number}]")
}

/// What comes next.
pub(super) enum Next {
    /// A question, and the numbers that answer it.
    Choice {
        question: &'static str,
        numbers: Vec<usize>,
    },
    Ended(Ended),
}

/// The end of a run.
pub(super) struct Ended {
    pub(super) verdict: Judged,
    /// Whether it ended because no task could ever go on.
    pub(super) is_deadlock: bool,
    /// What happened apart from what was printed.
    pub(super) notes: Vec<String>,
}

/// What a check says about a run.
pub(super) enum Judged {
    Passed,
    Failed(String),
    /// The machine lacks something.
    Skipped(String),
    /// There is no transcript.
    Unjudged,
}

/// How many schedules there are, and how many of them reach the goal.
pub(super) struct Outlook {
    pub(super) reaching: u128,
    pub(super) all: u128,
}

impl Position {
    pub(super) fn end(&self) -> Option<&Ended> {
        match &self.next {
            Next::Choice { .. } => None,
            Next::Ended(end) => Some(end),
        }
    }

    /// How near the run is to a goal.
    pub(super) fn progress(&self, goal: &Goal) -> Progress {
        let end = self.end();
        let has_failed = end.is_some_and(|end| matches!(end.verdict, Judged::Failed(_)));
        goal.progress(Known {
            output: &self.output,
            broken_arrows: &self.broken_arrows(),
            is_illegal: self.is_illegal() || has_failed,
            has_ended: end.is_some(),
            is_deadlock: end.is_some_and(|end| end.is_deadlock),
        })
    }

    /// The keys that answer the question; none at the end.
    pub(super) fn numbers(&self) -> &[usize] {
        match &self.next {
            Next::Choice { numbers, .. } => numbers,
            Next::Ended(_) => &[],
        }
    }

    /// The tasks that can be chosen, each after its key: `[1] philosopher 0, [2] philosopher 1`.
    pub(super) fn numbered(&self) -> String {
        self.tasks.iter().filter_map(Task::numbered).collect::<Vec<_>>().join(", ")
    }

    /// Whether a task has another number here than in the position before.
    pub(super) fn is_renumbered(&self, before: &Self) -> bool {
        let mut tasks = self.tasks.iter().filter(|task| task.number.is_some());
        tasks.any(|task| {
            let same = before.tasks.iter().find(|other| other.name == task.name);
            same.is_some_and(|other| other.number.is_some() && other.number != task.number)
        })
    }

    /// The arrows that the output breaks.
    pub(super) fn broken_arrows(&self) -> Vec<&str> {
        self.verdict.as_ref().map_or(Vec::new(), broken_arrows)
    }

    /// Whether no legal output begins like this one.
    pub(super) fn is_illegal(&self) -> bool {
        self.verdict.as_ref().is_some_and(is_illegal)
    }
}

/// The arrows that an output breaks.
pub(super) fn broken_arrows(verdict: &Verdict) -> Vec<&str> {
    let Verdict::Rejected(rejected) = verdict else { return Vec::new() };
    let arrows = rejected.broken().iter().filter(|broken| broken.kind == ConstraintKind::Arrow);
    arrows.map(|arrow| arrow.text.as_str()).collect()
}

/// Whether an output cannot become legal by more lines. A rule may still be satisfied.
pub(super) fn is_illegal(verdict: &Verdict) -> bool {
    let Verdict::Rejected(rejected) = verdict else { return false };
    let is_final = |kind| matches!(kind, FaultKind::Order | FaultKind::Stray);
    rejected.faults.iter().any(|fault| is_final(fault.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(tasks: &[(&str, Option<usize>)]) -> Position {
        let task = |(name, number): &(&str, Option<usize>)| Task {
            name: (*name).to_owned(),
            number: *number,
            state: String::new(),
            holds: String::new(),
            is_blocked: number.is_none(),
            waits_for: Vec::new(),
            prints: None,
            note: None,
            lane: None,
        };
        Position {
            output: String::new(),
            authors: Vec::new(),
            verdict: None,
            earlier: Vec::new(),
            made: Vec::new(),
            tasks: tasks.iter().map(task).collect(),
            left: None,
            next: Next::Choice { question: "Which task goes on?", numbers: Vec::new() },
        }
    }

    #[test]
    fn a_task_that_waits_renumbers_the_later_ones() {
        let all = position(&[("a", Some(0)), ("b", Some(1)), ("c", Some(2))]);
        for (tasks, is_renumbered) in [
            ([("a", Some(0)), ("b", Some(1)), ("c", None)], false),
            ([("a", None), ("b", Some(0)), ("c", Some(1))], true),
            ([("a", Some(0)), ("b", Some(1)), ("new", Some(2))], false),
        ] {
            assert_eq!(position(&tasks).is_renumbered(&all), is_renumbered, "{tasks:?}");
        }
        // A task that could not go on had no number.
        let one_waits = position(&[("a", None), ("b", Some(0))]);
        assert!(!position(&[("a", Some(0)), ("b", None)]).is_renumbered(&one_waits));
        assert_eq!(one_waits.numbered(), "[0] b");
    }
}
