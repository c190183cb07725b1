//! What the reader sees: the lines so far, what each task is about to do, and the question.

use console::truncate_str;
use transcript::Transcript;

use super::lines::lines;
use super::moves::{PLAIN, earlier_row, first_and_last_rows, last_rows, latest_row};
use super::position::{Next, Position};
use super::rows::{
    Aim, TaskRows, end_rows, goal_question, goal_row, question, remark_rows, task_rows,
};
use crate::terminal::{STRONG, paint, wrapped};

/// What `?` shows, a paragraph each. Only what matters in this position is explained.
pub(super) fn help(position: &Position, is_live: bool) -> Vec<String> {
    let is_unnamed = position.tasks.iter().any(|task| task.name.contains('#'));
    let has_later = position.tasks.iter().any(|task| task.later.is_some());
    let parts = [
        (true, NUMBERS),
        (is_live, LIVE_UNDO),
        (!is_live, UNDO),
        (true, KEYS),
        (is_live, FORCED),
        (!is_live, UNASKED),
        (is_live, POINTS),
        (has_later, LATER),
        (is_unnamed, BIRTHS),
        (is_live, TIMES),
    ];
    let shown = parts.into_iter().filter(|(is_shown, _)| *is_shown);
    shown.flat_map(|(_, part)| part.lines()).map(str::to_owned).collect()
}

const NUMBERS: &str = "\
A number in brackets lets its task go on, up to its next point. A task keeps its number. Keys that you type before the \
question are not used.";
const UNDO: &str = "u  takes the last choice back";
const LIVE_UNDO: &str = "u  takes the last choice back; a new run begins then, with other pids";
const KEYS: &str = "\
n  begins again, with the same goal
e  plays on in the usual order, up to the end, or to where the goal is reached or missed
h  hint: which choice leads to the goal; without a goal, which one breaks an arrow of the transcript
g  explains the goal, and sets another one
q  quits, and prints the command that plays your choices again; so does Ctrl-C";
const FORCED: &str =
    "`forced`: no other task could go on. `→`: why, or what follows from the move above.";
const UNASKED: &str = "\
`forced`: no other thread could go on; `→` says what it needs. `then`: no other thread can tell when this \
happens.";
const POINTS: &str = "\
A task stops before it begins, prints, ends a sleep, wakes another task or sends a signal. A sleeping task can be \
chosen when its sleep is about to end, or when no other task can go on. A task may see that its wait is over before \
another one wakes it.";
const LATER: &str = "\
`in the usual order`: what the task printed next in a run in which the eldest task always went on. Here it may print \
something else.";
const BIRTHS: &str = "#0.2 is the second process or thread that the first one has made.";
const TIMES: &str = "\
Times in the lines mean nothing: a task that you hold is late.";

/// All that is to be shown at one moment.
pub(super) struct Shown<'a> {
    pub(super) name: &'a str,
    pub(super) transcript: Option<&'a Transcript>,
    pub(super) position: &'a Position,
    /// Whether no choice was made yet.
    pub(super) is_first: bool,
    pub(super) goal: Option<Aim<'a>>,
    pub(super) remarks: &'a [String],
    /// The command that plays the choices again.
    pub(super) replay: &'a str,
    /// The digits of a number that may go on.
    pub(super) begun: &'a str,
    /// The goal that the reader types, as far as it has come.
    pub(super) typed_goal: Option<&'a str>,
    /// Whether a key comes only with the end of its line.
    pub(super) needs_enter: bool,
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
        let Shown { name, transcript, position, is_first, goal, remarks, replay, .. } = *shown;
        let cut = |row: &String| truncate_str(row, width, "…").into_owned();
        let rows = |text: &str| -> Vec<String> {
            wrapped(text, width).split('\n').map(|row| cut(&row.to_owned())).collect()
        };
        let (end, again, left) = match &position.next {
            Next::Choice { .. } => {
                let left = position.left.iter().flat_map(|left| rows(left));
                (Vec::new(), None, left.collect())
            }
            Next::Reached => (Vec::new(), None, Vec::new()),
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
            question: rows(&match shown.typed_goal {
                Some(text) => goal_question(text),
                None => question(&position.next, is_first, shown.begun, shown.needs_enter),
            }),
            width,
        }
    }

    /// All rows.
    pub(super) fn whole(self) -> String {
        self.without_foot(0) + &self.foot()
    }

    /// All rows but the question.
    pub(super) fn without_question(mut self) -> String {
        self.question.clear();
        self.whole()
    }

    /// The rows for a reader who has no question left to answer, and does not see the screens before this one.
    pub(super) fn left_behind(&self) -> String {
        self.without_foot(usize::MAX)
    }

    /// The rows above the question, with this many for earlier moves.
    fn without_foot(&self, earlier: usize) -> String {
        let blank = String::new();
        let notes =
            |task: &TaskRows| task.rows.iter().chain(&task.note).cloned().collect::<Vec<_>>();
        let mut rows = vec![self.head.clone(), blank.clone()];
        rows.extend(self.lines.iter().cloned());
        let made =
            [last_rows(&self.earlier, earlier), first_and_last_rows(&self.made, PLAIN)].concat();
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
