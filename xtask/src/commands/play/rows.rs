//! The rows of a screen, part by part, before any is left out.

use transcript::Transcript;

use super::goal::{Goal, Progress};
use super::position::{Ended, Judged, Next, Outlook, Task, bracketed};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, wrapped};

/// The columns before the name of a task: its number and two spaces.
const MARGIN: usize = 7;

/// A task on the screen.
pub(super) struct TaskRows {
    /// What it is about to do, in as many rows as that takes.
    pub(super) rows: Vec<String>,
    /// The same in one row, which is cut.
    pub(super) row: String,
    /// More about it, in a row that is cut.
    pub(super) note: Option<String>,
    /// `[1] philosopher 0`, if it can be chosen.
    pub(super) name: Option<String>,
}

pub(super) fn task_rows(tasks: &[Task], width: usize) -> Vec<TaskRows> {
    let room = tasks.iter().map(|task| task.name.chars().count()).max().unwrap_or(0);
    tasks.iter().map(|task| of_task(task, room, width)).collect()
}

/// The rows of a task, whose name gets this much room.
fn of_task(task: &Task, room: usize, width: usize) -> TaskRows {
    let number = task.number.map_or(String::new(), bracketed);
    let name = format!("{:<room$}", task.name);
    let name = if task.number.is_some() { name } else { paint(FAINT, name) };
    let state = match &task.prints {
        Some(text) => format!("{}  {}", task.state, paint(GOOD, text)),
        None if task.is_blocked => paint(FAINT, &task.state),
        None => task.state.clone(),
    };
    let holds = if task.holds.is_empty() {
        String::new()
    } else {
        paint(FAINT, format_args!("; holds {}", task.holds))
    };
    let text = format!("{name}  {state}{holds}");
    let wrapped = wrapped(&text, width.saturating_sub(MARGIN));
    let margins = [paint(STRONG, format_args!("{number:>5}  ")), " ".repeat(MARGIN)];
    let row = format!("{}{text}", margins[0]);
    let margins = margins.iter().chain(std::iter::repeat(&margins[1]));
    let later = task.later.as_ref().map(|line| format!("in the usual order: {line}"));
    let note = task.note.as_ref().or(later.as_ref());
    TaskRows {
        rows: wrapped.lines().zip(margins).map(|(row, margin)| format!("{margin}{row}")).collect(),
        row,
        note: note.map(|note| format!("{:MARGIN$}  {}", "", paint(FAINT, note))),
        name: task.numbered(),
    }
}

/// The question, and the keys that answer it. `begun` are the digits of a number that may go on.
pub(super) fn question(next: &Next, is_first: bool, begun: &str, needs_enter: bool) -> String {
    let undo = if is_first { "" } else { "u undo, " };
    let enter = if needs_enter { "; then Enter" } else { "" };
    match next {
        Next::Choice { question, numbers } if !begun.is_empty() => {
            let number = begun.parse().ok().filter(|number| numbers.contains(number));
            let takes =
                number.map_or_else(String::new, |it| format!(" (Enter takes {})", bracketed(it)));
            format!("{} {begun}_{takes}", paint(STRONG, question))
        }
        Next::Choice { question, numbers } => {
            let keys = format!("({undo}e end, h hint, g goal, q quit, ? help{enter})");
            format!("{} {} {keys}", paint(STRONG, question), paint(STRONG, listed(numbers)))
        }
        Next::Reached => {
            format!("{} (any key goes on, q quits)", paint(STRONG, "The goal is reached."))
        }
        Next::Ended(_) => {
            let new = if is_first { "" } else { "n new run, g goal, " };
            let keys = format!("({undo}{new}q quit{enter})");
            format!("{} {keys}", paint(STRONG, "The run has ended."))
        }
    }
}

/// The question for a goal, of which the reader has typed this much.
pub(super) fn goal_question(text: &str) -> String {
    format!(
        "{} {}_ (Enter sets it, Esc goes back)",
        paint(STRONG, "New goal:"),
        runner::escaped(text)
    )
}

/// `[1] or [2]`, `[0] to [7]`.
fn listed(numbers: &[usize]) -> String {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    let is_row = numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    match &numbers[..] {
        [first, _, .., last] if is_row => format!("{} to {}", bracketed(*first), bracketed(*last)),
        [others @ .., last] if !others.is_empty() => {
            let others: Vec<String> = others.iter().map(|number| bracketed(*number)).collect();
            format!("{} or {}", others.join(", "), bracketed(*last))
        }
        numbers => numbers.iter().map(|number| bracketed(*number)).collect(),
    }
}

/// A goal, and how near the run is to it.
#[derive(Clone, Copy)]
pub(super) struct Aim<'a> {
    pub(super) goal: &'a Goal,
    pub(super) progress: Progress,
    pub(super) outlook: Option<&'a Outlook>,
    /// Why no run reaches it, if that is known.
    pub(super) never: Option<&'a str>,
    /// What the usual run says against it.
    pub(super) unusual: Option<&'a str>,
    /// The line with which it was reached.
    pub(super) line: Option<usize>,
}

pub(super) fn goal_row(aim: Aim<'_>, is_first: bool) -> String {
    let Aim { goal, progress, outlook, never, unusual, line } = aim;
    let state = match (progress, outlook) {
        (Progress::Reached, _) => {
            let with = line.map_or(String::new(), |line| format!(" with line {line}"));
            paint(GOOD, format_args!("Reached{with}."))
        }
        (progress, _) if never.is_some() => {
            let missed = if progress == Progress::Missed { "Missed. " } else { "" };
            paint(BAD, format_args!("{missed}{}.", never.unwrap_or_default()))
        }
        (Progress::Missed, _) if is_first => paint(BAD, "Missed."),
        (Progress::Missed, _) => paint(BAD, "Missed: u takes the last choice back."),
        (Progress::Open, Some(Outlook { reaching: 0, .. })) => {
            paint(BAD, "Out of reach: u takes the last choice back.")
        }
        (Progress::Open, Some(Outlook { reaching, all })) if reaching == all => {
            paint(GOOD, "Every schedule that is left reaches it.")
        }
        (Progress::Open, Some(_)) => "Within reach.".to_owned(),
        (Progress::Open, None) => unusual.map_or(String::new(), |unusual| paint(NOTE, unusual)),
    };
    format!("{} {}. {state}", paint(STRONG, "Goal:"), goal.words())
}

pub(super) fn remark_rows(remarks: &[String], width: usize) -> Vec<String> {
    let rows = remarks.iter().flat_map(|remark| {
        let text = wrapped(remark, width.saturating_sub(2));
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    rows.map(|row| format!("{} {row}", paint(NOTE, "│"))).collect()
}

pub(super) fn end_rows(end: &Ended, transcript: Option<&Transcript>, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = end.notes.iter().map(|note| wrapped(note, width)).collect();
    match &end.verdict {
        Judged::Legal { late } => {
            let name = transcript.map_or("", |transcript| transcript.name());
            let apart = late.as_ref().map_or("", |_| ", apart from its claims about time");
            rows.push(wrapped(&format!("legal by {name}{apart}"), width));
            let late = late.iter().flatten();
            rows.extend(late.map(|claim| wrapped(&format!("not so in this run: {claim}"), width)));
        }
        Judged::Failed(report) => {
            rows.push(paint(BAD, "FAILED"));
            rows.push(wrapped(report, width));
        }
        Judged::Skipped(reason) => rows.push(format!("{}: {reason}", paint(NOTE, "skipped"))),
        Judged::Unjudged => rows.push("there is no transcript with these options".to_owned()),
    }
    rows.iter().flat_map(|row| row.split('\n').map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_listed_as_they_are_marked() {
        for (numbers, text) in [
            (&[][..], ""),
            (&[3], "[3]"),
            (&[0, 1], "[0] or [1]"),
            (&[1, 2, 3], "[1] to [3]"),
            (&[0, 1, 4], "[0], [1] or [4]"),
            (&[2, 1], "[1] or [2]"),
        ] {
            assert_eq!(listed(numbers), text);
        }
    }
}
