//! A screen for a terminal of few rows: what is left out first, and what is never.

use console::{measure_text_width, truncate_str};

use super::moves::{EARLIER, MADE, first_and_last_rows, last_rows};
use super::screen::Parts;
use crate::terminal::{NOTE, paint, wrapped};

/// What is shown at least.
#[derive(Debug, Clone, Copy)]
struct Plan {
    /// How many of the lines so far.
    lines: usize,
    /// Whether there are notes, and blank rows between the parts.
    notes: bool,
    blanks: bool,
    /// How many of the moves from the last choice on. The chosen one is the first of them.
    made: usize,
    /// Whether all of the end is shown.
    end: bool,
    tasks: Tasks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tasks {
    /// In as many rows as they take.
    Whole,
    /// A row each.
    Cut,
    /// A row for each that can be chosen.
    Chosen,
    /// Only the keys and the names, as many in a row as fit.
    Named,
}

/// From the one that shows everything to the one that shows the choice.
const PLANS: [Plan; 7] = [
    Plan { lines: 4, notes: true, blanks: true, made: MADE, end: true, tasks: Tasks::Whole },
    Plan { lines: 4, notes: false, blanks: true, made: MADE, end: true, tasks: Tasks::Whole },
    Plan { lines: 4, notes: false, blanks: false, made: MADE, end: true, tasks: Tasks::Whole },
    Plan { lines: 3, notes: false, blanks: false, made: 1, end: false, tasks: Tasks::Cut },
    Plan { lines: 1, notes: false, blanks: false, made: 1, end: false, tasks: Tasks::Chosen },
    Plan { lines: 1, notes: false, blanks: false, made: 1, end: false, tasks: Tasks::Named },
    Plan { lines: 0, notes: false, blanks: false, made: 1, end: false, tasks: Tasks::Named },
];
/// The rows of the end where not all of it is shown.
const END: usize = 2;

impl Parts {
    /// The screen in pages of at most this many rows. The last page has the choice, and usually there is no other: only
    /// remarks that have no room beside the choice come before it, on pages of their own.
    pub(super) fn pages(mut self, height: usize) -> Vec<Vec<String>> {
        if let Some(plan) = PLANS.iter().find(|plan| self.least(**plan) <= height) {
            return vec![self.laid_out(*plan, height)];
        }
        let remarks = std::mem::take(&mut self.remarks);
        let mut pages: Vec<Vec<String>> =
            remarks.chunks(height.saturating_sub(1).max(1)).map(<[String]>::to_vec).collect();
        let last = pages.len().saturating_sub(1);
        for (at, page) in pages.iter_mut().enumerate() {
            let next = if at == last { "Any key shows the choice." } else { "Any key shows more." };
            page.push(paint(NOTE, truncate_str(next, self.width, "…")));
        }
        if pages.is_empty() {
            let rows = self.laid_out(PLANS[PLANS.len() - 1], height);
            let below = rows.len().saturating_sub(height);
            return vec![rows[below..].to_vec()];
        }
        pages.extend(self.pages(height));
        pages
    }

    /// The rows that this plan needs.
    fn least(&self, plan: Plan) -> usize {
        self.above(plan).len()
            + self.lines.len().min(plan.lines)
            + self.below(plan, self.made.len().min(plan.made)).len()
    }

    /// The rows of this plan. Room that is left is for lines, and then for moves.
    fn laid_out(self, plan: Plan, height: usize) -> Vec<String> {
        let above = self.above(plan);
        let made = self.made.len().min(plan.made);
        let others = above.len() + self.below(plan, made).len();
        let lines = last_lines(&self.lines, height.saturating_sub(others).max(plan.lines));
        let room = if made == 0 { 0 } else { height.saturating_sub(others + lines.len()) };
        let below = self.below(plan, made + room);
        above.into_iter().chain(lines).chain(below).collect()
    }

    /// The rows above the lines so far.
    fn above(&self, plan: Plan) -> Vec<String> {
        let blank = plan.blanks.then(String::new);
        [self.head.clone()].into_iter().chain(blank).collect()
    }

    /// The rows below the lines so far, with this many for moves.
    fn below(&self, plan: Plan, moves: usize) -> Vec<String> {
        let earlier = moves.saturating_sub(self.made.len()).min(EARLIER);
        let moves =
            [last_rows(&self.earlier, earlier), first_and_last_rows(&self.made, moves)].concat();
        let mut rows = Vec::new();
        for part in [moves, self.tasks(plan), self.end(plan)] {
            if !part.is_empty() {
                rows.extend(plan.blanks.then(String::new));
                rows.extend(part);
            }
        }
        if self.end.is_empty() {
            rows.extend(plan.blanks.then(String::new));
        }
        if matches!(plan.tasks, Tasks::Whole | Tasks::Cut) {
            rows.extend(self.left.iter().cloned());
        }
        [rows, self.goal.clone(), self.remarks.clone(), self.question.clone()].concat()
    }

    fn tasks(&self, plan: Plan) -> Vec<String> {
        let tasks = self.tasks.iter();
        match plan.tasks {
            Tasks::Whole => tasks
                .flat_map(|task| task.rows.iter().chain(task.note.iter().filter(|_| plan.notes)))
                .cloned()
                .collect(),
            Tasks::Cut => tasks.map(|task| task.row.clone()).collect(),
            Tasks::Chosen => {
                let chosen = tasks.filter(|task| task.name.is_some());
                chosen.map(|task| task.row.clone()).collect()
            }
            Tasks::Named => packed(tasks.filter_map(|task| task.name.as_deref()), self.width),
        }
    }

    fn end(&self, plan: Plan) -> Vec<String> {
        let mut rows = self.end.clone();
        if !plan.end && rows.len() > END {
            rows.truncate(END - 1);
            rows.push(paint(NOTE, truncate_str("  … (q shows all of it)", self.width, "…")));
        }
        let again = self.again.as_ref().map_or(String::new(), |again| wrapped(again, self.width));
        rows.extend(again.lines().map(|row| truncate_str(row, self.width, "…").into_owned()));
        rows
    }
}

/// The first of the lines, which may be a heading, and the last ones.
fn last_lines(lines: &[String], room: usize) -> Vec<String> {
    if lines.len() <= room {
        return lines.to_vec();
    }
    let last = |count: usize| lines[lines.len() - count..].iter().cloned();
    if room < 3 {
        return last(room).collect();
    }
    [lines[0].clone(), paint(NOTE, "  …")].into_iter().chain(last(room - 2)).collect()
}

/// The names, as many in a row as fit. No name is broken.
fn packed<'a>(names: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for name in names {
        match rows.last_mut() {
            Some(row) if measure_text_width(row) + 2 + measure_text_width(name) <= width => {
                row.push_str("  ");
                row.push_str(name);
            }
            _ => rows.push(truncate_str(name, width, "…").into_owned()),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::position::{Ended, How, Judged, Made, Next, Position, Task};
    use super::super::screen::{Shown, help as explained};
    use super::*;

    /// A moment with many lines and this many tasks.
    fn position(tasks: usize) -> Position {
        let lines = 0..30;
        let task = |number: usize| Task {
            name: format!("thread {number}"),
            number: (number % 4 != 3).then_some(number),
            state: "about to take lock a".to_owned(),
            holds: String::new(),
            is_blocked: number % 4 == 3,
            waits_for: Vec::new(),
            prints: None,
            note: Some("  12 │ let guard = lock.lock();".to_owned()),
            later: None,
            lane: None,
        };
        let tasks: Vec<Task> = (0..tasks).map(task).collect();
        let numbers = tasks.iter().filter_map(|task| task.number).collect();
        Position {
            output: lines.clone().map(|line| format!("line {line}\n")).collect(),
            authors: lines.map(|line| format!("thread {}", line % 8)).collect(),
            verdict: None,
            earlier: Vec::new(),
            made: Vec::new(),
            tasks,
            left: Some("Many schedules are left.".to_owned()),
            next: Next::Choice { question: "Which thread goes on?", numbers },
        }
    }

    fn parts(position: &Position, remarks: &[String], width: usize) -> Parts {
        let shown = Shown {
            name: "lock/many",
            transcript: None,
            position,
            is_first: false,
            goal: None,
            remarks,
            replay: "cargo xtask replay lock/many 1,2,3 -- --rounds 2",
            begun: "",
            needs_enter: false,
        };
        Parts::new(&shown, width)
    }

    fn help() -> Vec<String> {
        explained(&position(0), true)
    }

    /// The one page of a screen without long remarks.
    fn page(position: &Position, height: usize) -> String {
        let remarks = ["A remark that may need more than one row of a narrow terminal.".to_owned()];
        let pages = parts(position, &remarks, 80).pages(height);
        assert_eq!(pages.len(), 1);
        pages[0].join("\n")
    }

    #[test]
    fn every_screen_fits_and_shows_the_choice() {
        for (tasks, remarks) in [(3, Vec::new()), (8, help()), (16, Vec::new()), (16, help())] {
            let mut position = position(tasks);
            let made = |at| Made {
                how: if at == 0 { How::Chosen } else { How::Forced },
                text: format!("move {at}"),
                printed: 0,
            };
            position.made = (0..9).map(made).collect();
            position.earlier = (0..9).map(made).collect();
            let numbers = position.numbers().to_vec();
            for width in (40..100).step_by(7) {
                for height in (12..70).step_by(3) {
                    let pages = parts(&position, &remarks, width).pages(height);
                    let rows: Vec<&String> = pages.iter().flatten().collect();
                    assert!(pages.iter().all(|rows| rows.len() <= height), "{height}: {pages:#?}");
                    assert!(rows.iter().all(|row| measure_text_width(row) <= width), "{rows:#?}");
                    let last = pages.last().map_or(String::new(), |rows| rows.join("\n"));
                    assert!(last.contains("Which thread goes on?"), "{last}");
                    for number in &numbers {
                        assert!(last.contains(&format!("[{number}]")), "{number}: {last}");
                        assert!(last.contains(&format!("thread {number}")), "{number}: {last}");
                    }
                    let all = parts(&position, &remarks, width).remarks;
                    assert!(all.iter().all(|row| rows.contains(&row)), "{rows:#?}");
                }
            }
        }
    }

    #[test]
    fn the_end_of_a_run_fits_too() {
        let mut position = position(0);
        let report = (0..20).map(|row| format!("row {row} of the report\n")).collect();
        let verdict = Judged::Failed(report);
        position.next = Next::Ended(Ended { verdict, is_deadlock: false, notes: Vec::new() });
        for height in [8, 12, 24, 70] {
            let pages = parts(&position, &[], 44).pages(height);
            assert_eq!(pages.len(), 1);
            assert!(pages[0].len() <= height, "{height}: {pages:#?}");
            let page = pages[0].join("\n");
            for part in ["FAILED", "Again:", "The run has ended."] {
                assert!(page.contains(part), "{height}: {page}");
            }
            assert_eq!(page.contains("row 19 of the report"), height > 30, "{height}: {page}");
            // What is left on the terminal can be copied.
            let left = parts(&position, &[], 44).left_behind();
            assert!(
                left.contains("\nAgain: `cargo xtask replay lock/many 1,2,3 -- --rounds 2`\n"),
                "{left}"
            );
        }
    }

    #[test]
    fn earlier_moves_fill_the_room_that_is_left() {
        let mut position = position(8);
        let moves = |text| {
            (0..5).map(move |number| Made {
                how: How::Chosen,
                text: format!("{text} {number}."),
                printed: 0,
            })
        };
        position.earlier = moves("earlier").collect();
        position.made = moves("latest").collect();
        let without = parts(&position, &[], 80).whole().lines().count() + 1;
        for (room, last, left_out) in [(0, 0, 0), (1, 0, 5), (3, 2, 3), (5, 5, 0), (9, 5, 0)] {
            let screen = page(&position, without + room);
            assert_eq!(screen.matches("earlier").count(), last, "{screen}");
            assert_eq!(screen.contains("earlier 4."), last > 0, "{screen}");
            let gap = format!("… {left_out} more …");
            assert_eq!(screen.contains(&gap), left_out > 0, "{screen}");
            assert_eq!(screen.matches("latest").count(), 5, "{screen}");
        }
        // No earlier move takes the room of a later one.
        for height in 12..without {
            let screen = page(&position, height);
            let latest = screen.matches("latest").count();
            assert!(screen.contains("latest 0."), "{screen}");
            assert!(latest == 5 || !screen.contains("earlier"), "{screen}");
        }
    }

    #[test]
    fn notes_go_first_and_then_the_earliest_lines() {
        let position = position(8);
        let (large, middle, small) =
            (page(&position, 60), page(&position, 38), page(&position, 24));
        for (screen, has_notes, has_first) in
            [(large, true, true), (middle, true, false), (small, false, false)]
        {
            assert!(screen.contains("line 29"), "{screen}");
            assert_eq!(screen.contains("let guard"), has_notes, "{screen}");
            assert_eq!(screen.contains("line 1\n"), has_first, "{screen}");
        }
    }
}
