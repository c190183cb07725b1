//! What the reader sees: the lines so far, what each task is about to do, and the question.

use console::truncate_str;
use transcript::Transcript;

use super::goal::{Goal, Progress};
use super::position::{End, Judged, Made, Next, Outlook, Position, Task};
use crate::drawing::coloured;
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, wrapped};

/// The most moves since the last choice that are shown.
const MADE: usize = 6;

/// The keys, for `?`.
pub(super) const HELP: &str = "\
You are the scheduler. A number lets that task go on, up to its next point: a line, a lock, a birth.
u  takes the last choice back
h  hint: which choice leads to the goal, and which one breaks an arrow of the transcript
g  shows the goal
?  shows this
q  quits, and prints the command that plays your choices again
Where only one task can go on, it does so by itself: such a move is `forced`.";

/// All that is to be shown at one moment.
pub(super) struct Scene<'a> {
    pub(super) name: &'a str,
    pub(super) transcript: Option<&'a Transcript>,
    pub(super) position: &'a Position,
    pub(super) goal: Option<(&'a Goal, Progress, Option<Outlook>)>,
    pub(super) remarks: &'a [String],
    /// The command that plays the choices again.
    pub(super) replay: &'a str,
}

/// The screen in parts: only the lines so far may be shortened.
#[derive(Clone)]
pub(super) struct Parts {
    head: Vec<String>,
    lines: Vec<String>,
    tail: Vec<String>,
}

impl Parts {
    pub(super) fn new(scene: &Scene<'_>, width: usize) -> Self {
        let Scene { name, transcript, position, goal, remarks, replay } = scene;
        let mut head = vec![paint(STRONG, name)];
        head.extend(goal.iter().flat_map(|goal| goal_rows(goal, width)));
        head.push(String::new());
        let mut tail = vec![String::new()];
        let left_out = position.made.len().saturating_sub(MADE);
        // The first one is what the reader has chosen.
        let made = position.made.iter().take(1).chain(position.made.iter().skip(1 + left_out));
        tail.extend(made.map(made_row));
        if left_out > 0 {
            tail.insert(2, paint(FAINT, format_args!("          … {left_out} more …")));
        }
        match &position.next {
            Next::Choice { question, numbers } => {
                tail.push(String::new());
                tail.extend(task_rows(&position.tasks));
                tail.push(String::new());
                tail.extend(position.left.clone());
                tail.extend(remark_rows(remarks, width));
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                let keys = format!("{}, u, h, g, q, ?", numbers.join(", "));
                tail.push(wrapped(&format!("{} {keys}", paint(STRONG, question)), width));
            }
            Next::End(end) => {
                tail.extend(end_rows(end, width));
                tail.push(wrapped(replay, width));
                tail.extend(remark_rows(remarks, width));
                tail.push(format!("{} u, q", paint(STRONG, "The run has ended.")));
            }
        }
        let rows = |rows: Vec<String>| -> Vec<String> {
            let rows = rows.iter().flat_map(|row| row.split('\n'));
            rows.map(|row| truncate_str(row, width, "…").into_owned()).collect()
        };
        let lines = lines(*transcript, position, width);
        Self { head: rows(head), lines: rows(lines), tail: rows(tail) }
    }

    /// All rows.
    pub(super) fn whole(self) -> String {
        let rows = self.head.into_iter().chain(self.lines).chain(self.tail);
        rows.map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    /// At most this many rows: of the lines so far, those that came last are shown.
    pub(super) fn fitted(mut self, height: usize) -> Vec<String> {
        let room = height.saturating_sub(self.head.len() + self.tail.len()).max(3);
        if self.lines.len() > room {
            let last = self.lines.split_off(self.lines.len() - (room - 2));
            self.lines.truncate(1);
            self.lines.push(paint(NOTE, "  …"));
            self.lines.extend(last);
        }
        let mut rows = self.head;
        rows.extend(self.lines);
        rows.extend(self.tail);
        rows.split_off(rows.len().saturating_sub(height))
    }
}

fn goal_rows(
    (goal, progress, outlook): &(&Goal, Progress, Option<Outlook>),
    width: usize,
) -> Vec<String> {
    let state = match (progress, outlook) {
        (Progress::Reached, _) => paint(GOOD, "reached"),
        (Progress::Missed, _) => paint(BAD, "missed"),
        (Progress::Open, Some(Outlook { reaching: 0, .. })) => {
            paint(BAD, "can no longer be reached; u takes a choice back")
        }
        (Progress::Open, Some(_)) => "can be reached".to_owned(),
        (Progress::Open, None) => "open".to_owned(),
    };
    vec![wrapped(&format!("Goal: {} ({state})", goal.words()), width)]
}

fn lines(transcript: Option<&Transcript>, position: &Position, width: usize) -> Vec<String> {
    let Position { output, authors, verdict, .. } = position;
    if output.is_empty() {
        return vec![paint(FAINT, "nothing is printed yet")];
    }
    let rows: Vec<String> = match transcript.zip(verdict.as_ref()) {
        Some((transcript, verdict)) => {
            let drawing = coloured(&transcript.drawing(output, verdict, width));
            drawing.lines().map(str::to_owned).collect()
        }
        None => {
            let rows = output.lines().zip(authors);
            rows.map(|(line, author)| {
                let author = paint(FAINT, format_args!("{author:>12} │"));
                format!("{author} {}", runner::escaped(line))
            })
            .collect()
        }
    };
    rows
}

fn made_row(Made { is_chosen, text }: &Made) -> String {
    let how = if *is_chosen { paint(STRONG, "chosen") } else { paint(FAINT, "forced") };
    format!("  {how}  {text}")
}

fn task_rows(tasks: &[Task]) -> Vec<String> {
    let room = tasks.iter().map(|task| task.name.chars().count()).max().unwrap_or(0);
    let rows = tasks.iter().flat_map(|task| {
        let number = task.number.map_or(String::new(), |number| number.to_string());
        let name = format!("{:<room$}", task.name);
        let name = if task.number.is_some() { name } else { paint(FAINT, name) };
        let state = match &task.prints {
            Some(text) => format!("{}  {}", task.state, paint(GOOD, text)),
            None if task.is_blocked => paint(FAINT, &task.state),
            None => task.state.clone(),
        };
        let row = format!("{}  {name}  {state}", paint(STRONG, format_args!("{number:>4}")));
        let note = task.note.as_ref();
        let note = note.map(|note| format!("      {:<room$}  {}", "", paint(FAINT, note)));
        [Some(row), note]
    });
    rows.flatten().collect()
}

fn remark_rows(remarks: &[String], width: usize) -> Vec<String> {
    let rows = remarks.iter().map(|remark| wrapped(remark, width.saturating_sub(2)));
    rows.flat_map(|text| {
        text.lines().map(|row| format!("{} {row}", paint(NOTE, "│"))).collect::<Vec<_>>()
    })
    .collect()
}

fn end_rows(end: &End, width: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    rows.extend(end.notes.iter().map(|note| wrapped(note, width)));
    match &end.verdict {
        Judged::Passed => rows.push(paint(GOOD, "passed")),
        Judged::Failed(report) => {
            rows.push(paint(BAD, "FAILED"));
            rows.push(wrapped(report, width));
        }
        Judged::Skipped(reason) => rows.push(format!("{}: {reason}", paint(NOTE, "skipped"))),
        Judged::Unjudged => rows.push("there is no transcript with these options".to_owned()),
    }
    rows
}
