//! What the reader sees: the lines so far, what each task is about to do, and the question.

use console::truncate_str;
use transcript::Transcript;

use super::goal::{Goal, Progress};
use super::moves::{MADE, earlier_row, first_and_last_rows, latest_row};
use super::position::{Next, Outlook, Position};
use super::rows::{TaskRows, end_rows, goal_row, lines, question, remark_rows, task_rows};
use crate::terminal::{STRONG, paint, wrapped};

/// The keys, for `?`.
pub(super) const HELP: &str = "\
A number in brackets lets its task go on, up to the next point: a line, a lock, a birth. Only these numbers are keys. \
Others belong to the names and lines of the scene.
u  takes the last choice back; real processes begin a new run then, with other pids
h  hint: which choice leads to the goal, and which one breaks an arrow of the transcript
g  shows the goal
?  shows this
q  quits, and prints the command that plays your choices again; so does Ctrl-C
Where only one task can go on, it does so by itself: such a move is `forced`.
Real processes and threads that can go on are numbered from 0, so their keys change.
A task without a lane of its own is named by its birth: #0.2 is the second one that the first process or thread has made.
Times in the lines mean nothing: a task that you hold is late. T is a time that is not known yet.";

/// All that is to be shown at one moment.
pub(super) struct Shown<'a> {
    pub(super) name: &'a str,
    pub(super) transcript: Option<&'a Transcript>,
    pub(super) position: &'a Position,
    /// Whether no choice was made yet.
    pub(super) is_first: bool,
    pub(super) goal: Option<(&'a Goal, Progress, Option<&'a Outlook>)>,
    pub(super) remarks: &'a [String],
    /// The command that plays the choices again.
    pub(super) replay: &'a str,
    /// The digits of a number that may go on.
    pub(super) begun: &'a str,
}

/// The screen in parts, some of which can be shortened or left out. No row is wider than the terminal.
pub(super) struct Parts {
    pub(super) head: String,
    pub(super) lines: Vec<String>,
    /// The moves before the latest ones.
    pub(super) earlier: Vec<String>,
    /// The moves from the last choice on: the chosen one comes first.
    pub(super) made: Vec<String>,
    /// What each task is about to do; none at the end.
    pub(super) tasks: Vec<TaskRows>,
    /// How the run has ended.
    pub(super) end: Vec<String>,
    /// The command that plays it again: not wrapped, since the reader may copy it.
    pub(super) again: Option<String>,
    pub(super) left: Vec<String>,
    pub(super) goal: Vec<String>,
    pub(super) remarks: Vec<String>,
    pub(super) question: Vec<String>,
    pub(super) width: usize,
}

impl Parts {
    pub(super) fn new(shown: &Shown<'_>, width: usize) -> Self {
        let Shown { name, transcript, position, is_first, goal, remarks, replay, begun } = *shown;
        let cut = |row: &String| truncate_str(row, width, "…").into_owned();
        let rows = |text: &str| -> Vec<String> {
            wrapped(text, width).split('\n').map(|row| cut(&row.to_owned())).collect()
        };
        let (end, again, left) = match &position.next {
            Next::Choice { .. } => {
                let left = position.left.iter().flat_map(|left| rows(left));
                (Vec::new(), None, left.collect())
            }
            Next::Ended(ended) => {
                let end = end_rows(ended, transcript, width).iter().map(cut).collect();
                (end, Some(format!("Again: `{replay}`")), Vec::new())
            }
        };
        let is_choice = end.is_empty();
        let tasks = if is_choice { task_rows(&position.tasks, width) } else { Vec::new() };
        let tasks = tasks.into_iter().map(|task| TaskRows {
            rows: task.rows.iter().map(cut).collect(),
            row: cut(&task.row),
            note: task.note.as_ref().map(cut),
            name: task.name,
        });
        Self {
            head: cut(&paint(STRONG, name)),
            lines: lines(transcript, position, width).iter().map(cut).collect(),
            earlier: position.earlier.iter().map(|made| cut(&earlier_row(made))).collect(),
            made: position.made.iter().map(|made| cut(&latest_row(made))).collect(),
            tasks: tasks.collect(),
            end,
            again,
            left,
            goal: goal.iter().flat_map(|goal| rows(&goal_row(*goal, is_first))).collect(),
            remarks: remark_rows(remarks, width).iter().map(cut).collect(),
            question: rows(&question(&position.next, is_first, goal.is_some(), begun)),
            width,
        }
    }

    /// All rows.
    pub(super) fn whole(self) -> String {
        self.without_foot() + &self.foot()
    }

    /// The rows for a reader who has no question left to answer.
    pub(super) fn without_foot(&self) -> String {
        let blank = String::new();
        let notes =
            |task: &TaskRows| task.rows.iter().chain(&task.note).cloned().collect::<Vec<_>>();
        let mut rows = vec![self.head.clone(), blank.clone()];
        rows.extend(self.lines.iter().cloned());
        let made = first_and_last_rows(&self.made, MADE);
        for part in [&made, &self.tasks.iter().flat_map(notes).collect(), &self.end] {
            if !part.is_empty() {
                rows.push(blank.clone());
                rows.extend(part.iter().cloned());
            }
        }
        rows.extend(self.again.clone());
        if self.end.is_empty() {
            rows.push(blank);
        }
        text(&rows)
    }

    /// The remarks and the question, for a reader who has the rest before the eyes.
    pub(super) fn foot(&self) -> String {
        text([&self.left, &self.goal, &self.remarks, &self.question].into_iter().flatten())
    }
}

fn text<'a>(rows: impl IntoIterator<Item = &'a String>) -> String {
    rows.into_iter().map(|row| row.trim_end().to_owned() + "\n").collect()
}
