//! A screen for a terminal of few rows: what is left out first, and what is never.

use console::{measure_text_width, truncate_str};

use super::moves::{EARLIER, MADE, first_and_last_rows, last_rows};
use super::rows::TaskRows;
use super::screen::Parts;
use crate::terminal::{NOTE, paint, wrapped};

/// What is shown at least.
#[derive(Debug, Clone, Copy)]
struct Plan {
    /// How many of the lines so far.
    lines: usize,
    notes: Notes,
    /// Whether there are blank rows between the parts.
    blanks: bool,
    /// How many of the moves from the last choice on. The chosen one is the first of them.
    made: usize,
    /// Whether all of the end is shown.
    end: bool,
    tasks: Tasks,
}

/// The tasks that have a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notes {
    All,
    /// Those that can be chosen.
    Chosen,
    None,
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

const WHOLE: Plan =
    Plan { lines: 4, notes: Notes::All, blanks: true, made: MADE, end: true, tasks: Tasks::Whole };
const SHORT: Plan =
    Plan { lines: 1, notes: Notes::None, blanks: false, made: 1, end: false, tasks: Tasks::Named };

/// From the one that shows everything to the one that shows the choice.
const PLANS: [Plan; 9] = [
    WHOLE,
    Plan { notes: Notes::Chosen, ..WHOLE },
    Plan { notes: Notes::Chosen, blanks: false, ..WHOLE },
    Plan { notes: Notes::None, ..WHOLE },
    Plan { notes: Notes::None, blanks: false, ..WHOLE },
    Plan { lines: 3, tasks: Tasks::Cut, ..SHORT },
    Plan { tasks: Tasks::Chosen, ..SHORT },
    SHORT,
    Plan { lines: 0, ..SHORT },
];
/// The rows of the end where not all of it is shown.
const END: usize = 2;
/// The most rows of moves at the end of a run, where there is no room for all: the lines tell more then.
const LAST: usize = 4;

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
            + self.below(plan, self.moves(plan)).len()
    }

    /// The least rows for moves in this plan.
    fn moves(&self, plan: Plan) -> usize {
        let most = if self.end.is_empty() { plan.made } else { plan.made.min(LAST) };
        self.made.len().min(most)
    }

    /// The rows of this plan. Room that is left is for lines, and then for moves.
    fn laid_out(self, plan: Plan, height: usize) -> Vec<String> {
        let above = self.above(plan);
        let made = self.moves(plan);
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
            Tasks::Whole => {
                let has_note = |task: &TaskRows| match plan.notes {
                    Notes::All => true,
                    Notes::Chosen => task.name.is_some(),
                    Notes::None => false,
                };
                let note = |task: &TaskRows| task.note.clone().filter(|_| has_note(task));
                tasks.flat_map(|task| task.rows.iter().cloned().chain(note(task))).collect()
            }
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
mod tests;
