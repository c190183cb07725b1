//! Where a run is: what the reader sees before each choice, whatever plays the scene.

use transcript::{ConstraintKind, FaultKind, Timing, Transcript, Verdict};

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

    /// What each schedule prints. None if this is not known.
    fn outputs(&mut self) -> Result<Option<Vec<String>>>;

    /// Whether real processes play it: to take a choice back is to begin anew.
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
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) how: How,
    /// `child begins`.
    pub(super) text: String,
    /// How many bytes were printed until then.
    pub(super) printed: usize,
}

/// How something came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The reader has chosen it.
    Chosen,
    /// Nothing else was possible.
    Forced,
    /// No other thread can tell when this happens.
    Unasked,
    /// It is no move: it follows from the move before it.
    Follows,
}

/// A process or a thread.
pub(super) struct Task {
    pub(super) name: String,
    /// The number that lets it go on. None if it cannot be chosen.
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
    /// Where it is in the source, if that is known.
    pub(super) note: Option<String>,
    /// The line that it printed next in the usual order, if that is known.
    pub(super) later: Option<String>,
    /// The lane of the transcript that it prints in, if it is known and has no other task.
    pub(super) lane: Option<usize>,
}

impl Task {
    /// `[1] philosopher 0`, as the reader chooses it. None if it cannot be chosen.
    pub(super) fn numbered(&self) -> Option<String> {
        Some(format!("{} {}", bracketed(self.number?), self.name))
    }
}

/// A number that the reader types, as it is written everywhere: names and lines have numbers too.
pub(super) fn bracketed(number: usize) -> String {
    format!("[{number}]")
}

/// What comes next.
pub(super) enum Next {
    /// A question, and the numbers that answer it.
    Choice {
        question: &'static str,
        numbers: Vec<usize>,
    },
    /// A goal is reached, and moves follow that leave no choice.
    Reached,
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
    /// What it claims about time is left out. If there is such a claim, these are the ones that this run does not keep.
    Legal {
        late: Option<Vec<String>>,
    },
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
            Next::Choice { .. } | Next::Reached => None,
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

    /// The numbers that answer the question, in the order of the options; none at the end.
    pub(super) fn numbers(&self) -> &[usize] {
        match &self.next {
            Next::Choice { numbers, .. } => numbers,
            Next::Reached | Next::Ended(_) => &[],
        }
    }

    /// The tasks that can be chosen, each after its number: `[1] philosopher 0, [2] philosopher 1`.
    pub(super) fn numbered(&self) -> String {
        self.tasks.iter().filter_map(Task::numbered).collect::<Vec<_>>().join(", ")
    }

    /// The line with which the run has reached the goal, from 1. None if it has not, or if no line did it.
    pub(super) fn reached_with(
        &self,
        goal: &Goal,
        transcript: Option<&Transcript>,
    ) -> Option<usize> {
        let is_reached = |output: &str| {
            let verdict = transcript.map(|it| it.judge(output, Timing::Waived));
            let known = Known {
                output,
                broken_arrows: &verdict.as_ref().map_or(Vec::new(), broken_arrows),
                is_illegal: verdict.as_ref().is_some_and(is_illegal),
                has_ended: false,
                is_deadlock: false,
            };
            goal.progress(known) == Progress::Reached
        };
        let ends: Vec<usize> = self
            .output
            .split_inclusive('\n')
            .scan(0, |end, line| {
                *end += line.len();
                Some(*end)
            })
            .collect();
        let line = ends.partition_point(|end| !is_reached(&self.output[..*end]));
        (line < ends.len()).then_some(line + 1)
    }

    /// The moment at which this line was printed, if other moves were made after it.
    pub(super) fn after_line(&self, line: usize, transcript: Option<&Transcript>) -> Option<Self> {
        let lines = self.output.split_inclusive('\n').take(line);
        let end: usize = lines.map(str::len).sum();
        let made = self.made.iter().position(|made| made.printed >= end)? + 1;
        let is_last = self.made[made..].iter().all(|made| made.how == How::Follows);
        let output = self.output[..end].to_owned();
        let verdict = transcript.map(|it| it.judge(&output, Timing::Waived));
        (!is_last).then(|| Self {
            output,
            authors: self.authors[..line.min(self.authors.len())].to_vec(),
            verdict,
            earlier: self.earlier.clone(),
            made: self.made[..made].to_vec(),
            tasks: Vec::new(),
            left: None,
            next: Next::Reached,
        })
    }

    /// The tasks that have another name here than in the position before, apart from the number of a process, each
    /// after its number.
    pub(super) fn renamed(&self, before: &Self) -> Vec<String> {
        let name = |task: &Task| task.name.split(" (").next().map(str::to_owned);
        let other = |task: &&Task| {
            let mut tasks = before.tasks.iter().filter(|other| other.number.is_some());
            tasks.any(|other| other.number == task.number && name(other) != name(task))
        };
        self.tasks.iter().filter(other).filter_map(Task::numbered).collect()
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
mod tests;
