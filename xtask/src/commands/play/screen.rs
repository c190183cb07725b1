//! What the reader sees: the lines so far, what each task is about to do, and the question.

use console::truncate_str;
use transcript::Transcript;

use super::goal::{Goal, Progress};
use super::moves::{earlier_row, last_rows, made_rows};
use super::position::{Ended, Judged, Next, Outlook, Position, Task};
use crate::drawing::coloured;
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, wrapped};

/// The fewest rows that are left for the lines so far.
const FEW: usize = 4;
/// The most moves before the last choice that are shown, where there is room.
const EARLIER: usize = 12;

/// The keys, for `?`.
pub(super) const HELP: &str = "\
A number lets that task go on, up to its next point: a line, a lock, a birth.
u  takes the last choice back; real processes begin a new run then, with other pids
h  hint: which choice leads to the goal, and which one breaks an arrow of the transcript
g  shows the goal
?  shows this
q  quits, and prints the command that plays your choices again
A task without a lane of its own is named by its birth: 0 is the first one, 0.2 the second one that 0 has made.
Where only one task can go on, it does so by itself: such a move is `forced`.
Real processes and threads that can go on are numbered from 0, so their numbers change.
Times in the lines mean nothing: a task that you hold is late.";

/// All that is to be shown at one moment.
pub(super) struct Shown<'a> {
    pub(super) name: &'a str,
    pub(super) transcript: Option<&'a Transcript>,
    pub(super) position: &'a Position,
    /// Whether no choice was made yet.
    pub(super) is_first: bool,
    pub(super) goal: Option<(&'a Goal, Progress, Option<Outlook>)>,
    pub(super) remarks: &'a [String],
    /// The command that plays the choices again.
    pub(super) replay: &'a str,
}

/// The screen in parts, some of which can be shortened.
pub(super) struct Parts {
    head: Vec<String>,
    lines: Vec<String>,
    /// The moves before the latest ones.
    earlier: Vec<String>,
    /// The latest moves, and what each task is about to do, with notes and without.
    tasks: Vec<String>,
    brief: Vec<String>,
    foot: Vec<String>,
}

impl Parts {
    pub(super) fn new(shown: &Shown<'_>, width: usize) -> Self {
        let Shown { name, transcript, position, is_first, goal, remarks, replay } = shown;
        let mut tasks = made_rows(&position.made);
        if !tasks.is_empty() {
            tasks.insert(0, String::new());
        }
        let mut brief = tasks.clone();
        let mut foot = Vec::new();
        match &position.next {
            Next::Choice { .. } => {
                let rows = task_rows(&position.tasks, width);
                brief.push(String::new());
                brief.extend(rows.iter().map(|(row, _)| row.clone()));
                brief.push(String::new());
                tasks.push(String::new());
                tasks.extend(rows.into_iter().flat_map(|(row, note)| [Some(row), note]).flatten());
                tasks.push(String::new());
                foot.extend(position.left.clone());
            }
            Next::Ended(end) => {
                tasks.extend(end_rows(end, *transcript, width));
                tasks.push(wrapped(&format!("Again: `{replay}`"), width));
                brief.clone_from(&tasks);
            }
        }
        foot.extend(goal.iter().map(|goal| goal_row(goal, *is_first)));
        foot.extend(remark_rows(remarks, width));
        foot.push(question(&position.next, *is_first, goal.is_some()));
        let lines = lines(*transcript, position, width);
        let earlier = position.earlier.iter().map(earlier_row).collect();
        let [lines, earlier, tasks, brief] =
            [lines, earlier, tasks, brief].map(|rows: Vec<String>| {
                let rows = rows.iter().flat_map(|row| row.split('\n'));
                rows.map(|row| truncate_str(row, width, "…").into_owned()).collect()
            });
        let foot = foot.iter().flat_map(|row| {
            let rows = wrapped(row, width);
            rows.split('\n').map(str::to_owned).collect::<Vec<_>>()
        });
        let head = vec![paint(STRONG, name), String::new()];
        Self { head, lines, earlier, tasks, brief, foot: foot.collect() }
    }

    /// All rows.
    pub(super) fn whole(self) -> String {
        text(self.head.into_iter().chain(self.lines).chain(self.tasks).chain(self.foot))
    }

    /// The rows for a reader who has no question left to answer.
    pub(super) fn without_foot(&self) -> String {
        text(self.head.iter().chain(&self.lines).chain(&self.tasks).cloned())
    }

    /// The remarks and the question, for a reader who has the rest before the eyes.
    pub(super) fn foot(self) -> String {
        text(self.foot)
    }

    /// At most this many rows. If there is not enough room, the notes are left out, and then the first of the lines so
    /// far. If there is room left, the moves before the last choice are shown too.
    pub(super) fn fitted(mut self, height: usize) -> Vec<String> {
        let others = self.head.len() + self.foot.len();
        if others + self.lines.len().min(FEW) + self.tasks.len() > height {
            self.tasks = self.brief;
        }
        let room = height.saturating_sub(others + self.tasks.len()).max(FEW);
        if self.lines.len() > room {
            let last = self.lines.split_off(self.lines.len() - (room - 2));
            self.lines.truncate(1);
            self.lines.push(paint(NOTE, "  …"));
            self.lines.extend(last);
        }
        let room = height.saturating_sub(others + self.lines.len() + self.tasks.len()).min(EARLIER);
        // They come between the blank row and the latest moves.
        self.tasks.splice(1..1, last_rows(self.earlier, room));
        let mut rows = self.head;
        rows.extend(self.lines);
        rows.extend(self.tasks);
        rows.extend(self.foot);
        rows.split_off(rows.len().saturating_sub(height))
    }
}

fn text(rows: impl IntoIterator<Item = String>) -> String {
    rows.into_iter().map(|row| row.trim_end().to_owned() + "\n").collect()
}

/// The question, and the keys that answer it.
fn question(next: &Next, is_first: bool, has_goal: bool) -> String {
    let goal = if has_goal { ", g goal" } else { "" };
    match next {
        Next::Choice { question, numbers } => {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            let keys = format!("(u undo, h hint{goal}, q quit, ? help)");
            format!("{} {} {keys}", paint(STRONG, question), numbers.join(", "))
        }
        Next::Ended(_) => {
            let undo = if is_first { "" } else { "u undo, " };
            format!("{} ({undo}q quit)", paint(STRONG, "The run has ended."))
        }
    }
}

fn goal_row(
    (goal, progress, outlook): &(&Goal, Progress, Option<Outlook>),
    is_first: bool,
) -> String {
    let state = match (progress, outlook) {
        (Progress::Reached, _) => paint(GOOD, "Reached."),
        (Progress::Open, Some(Outlook { reaching: 0, .. })) if is_first => {
            paint(BAD, "No schedule reaches it.")
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
        (Progress::Open, None) => String::new(),
    };
    format!("{} {}. {state}", paint(STRONG, "Goal:"), goal.words())
}

fn lines(transcript: Option<&Transcript>, position: &Position, width: usize) -> Vec<String> {
    let Position { output, authors, verdict, .. } = position;
    if output.is_empty() {
        return vec![paint(FAINT, "nothing is printed yet")];
    }
    match transcript.zip(verdict.as_ref()) {
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
    }
}

/// A row for each task, wrapped if it is too long, and its note, which is cut.
fn task_rows(tasks: &[Task], width: usize) -> Vec<(String, Option<String>)> {
    let room = tasks.iter().map(|task| task.name.chars().count()).max().unwrap_or(0);
    let row = |task: &Task| {
        let number = task.number.map_or(String::new(), |number| number.to_string());
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
        let row = format!("{}  {name}  {state}{holds}", paint(STRONG, format_args!("{number:>4}")));
        let note = task.note.as_ref();
        (
            wrapped(&row, width),
            note.map(|note| format!("      {:<room$}  {}", "", paint(FAINT, note))),
        )
    };
    tasks.iter().map(row).collect()
}

fn remark_rows(remarks: &[String], width: usize) -> Vec<String> {
    let rows = remarks.iter().flat_map(|remark| {
        let text = wrapped(remark, width.saturating_sub(2));
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    rows.map(|row| format!("{} {row}", paint(NOTE, "│"))).collect()
}

fn end_rows(end: &Ended, transcript: Option<&Transcript>, width: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    rows.extend(end.notes.iter().map(|note| wrapped(note, width)));
    match &end.verdict {
        Judged::Passed => {
            let name = transcript.map_or("", |transcript| transcript.name());
            rows.push(format!("{}: {name} allows this run", paint(GOOD, "passed")));
        }
        Judged::Failed(report) => {
            rows.push(paint(BAD, "FAILED"));
            rows.push(wrapped(report, width));
        }
        Judged::Skipped(reason) => rows.push(format!("{}: {reason}", paint(NOTE, "skipped"))),
        Judged::Unjudged => rows.push("there is no transcript with these options".to_owned()),
    }
    rows
}

#[cfg(test)]
mod tests {
    use console::measure_text_width;

    use super::super::position::Made;
    use super::*;

    /// A moment with many lines and many tasks.
    fn position() -> Position {
        let lines = 0..30;
        let task = |number: usize| Task {
            name: format!("thread {number}"),
            number: Some(number),
            state: "about to take lock a".to_owned(),
            holds: String::new(),
            is_blocked: false,
            prints: None,
            note: Some("  12 │ let guard = lock.lock();".to_owned()),
            lane: None,
        };
        Position {
            output: lines.clone().map(|line| format!("line {line}\n")).collect(),
            authors: lines.map(|line| format!("thread {}", line % 8)).collect(),
            verdict: None,
            earlier: Vec::new(),
            made: Vec::new(),
            tasks: (0..8).map(task).collect(),
            left: Some("Many schedules are left.".to_owned()),
            next: Next::Choice { question: "Which thread goes on?", numbers: (0..8).collect() },
        }
    }

    fn parts(position: &Position, width: usize) -> Parts {
        let remarks = ["A remark that may need more than one row of a narrow terminal.".to_owned()];
        let shown = Shown {
            name: "lock/many",
            transcript: None,
            position,
            is_first: false,
            goal: None,
            remarks: &remarks,
            replay: "",
        };
        Parts::new(&shown, width)
    }

    #[test]
    fn a_screen_fits_and_keeps_the_question() {
        let position = position();
        for width in (30..100).step_by(7) {
            for height in (10..70).step_by(3) {
                let rows = parts(&position, width).fitted(height);
                assert!(rows.len() <= height, "{height}");
                assert!(rows.iter().all(|row| measure_text_width(row) <= width), "{rows:#?}");
                assert!(rows.iter().any(|row| row.contains("Which thread goes on?")));
                assert!(rows.iter().any(|row| row.contains("thread 7")));
            }
        }
    }

    #[test]
    fn earlier_moves_fill_the_room_that_is_left() {
        let mut position = position();
        let moves = |text| {
            (0..5).map(move |number| Made { is_chosen: true, text: format!("{text} {number}.") })
        };
        position.earlier = moves("earlier").collect();
        position.made = moves("latest").collect();
        let shown = |height| parts(&position, 80).fitted(height).join("\n");
        let without = parts(&position, 80).whole().lines().count();
        for (room, last, left_out) in [(0, 0, 0), (1, 0, 5), (3, 2, 3), (5, 5, 0), (9, 5, 0)] {
            let screen = shown(without + room);
            assert_eq!(screen.matches("earlier").count(), last, "{screen}");
            assert_eq!(screen.contains("earlier 4."), last > 0, "{screen}");
            let gap = format!("… {left_out} more …");
            assert_eq!(screen.contains(&gap), left_out > 0, "{screen}");
            assert_eq!(screen.matches("latest").count(), 5, "{screen}");
        }
    }

    #[test]
    fn notes_go_first_and_then_the_earliest_lines() {
        let position = position();
        let shown = |height| parts(&position, 80).fitted(height).join("\n");
        let (large, middle, small) = (shown(60), shown(38), shown(24));
        for (screen, has_notes, has_first) in
            [(large, true, true), (middle, true, false), (small, false, false)]
        {
            assert!(screen.contains("line 29"), "{screen}");
            assert_eq!(screen.contains("let guard"), has_notes, "{screen}");
            assert_eq!(screen.contains("line 1\n"), has_first, "{screen}");
        }
    }
}
