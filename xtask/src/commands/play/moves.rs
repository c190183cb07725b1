//! The moves that were made, a row each.

use super::position::Made;
use crate::terminal::{FAINT, STRONG, paint};

/// The most moves since the last choice that are shown.
const MADE: usize = 6;

/// The reader's choice comes first; of the moves that followed, the last ones are shown.
pub(super) fn made_rows(made: &[Made]) -> Vec<String> {
    let Some((first, others)) = made.split_first() else { return Vec::new() };
    let left_out = made.len().saturating_sub(MADE);
    let gap = (left_out > 0).then(|| gap_row(left_out));
    let last = others[left_out.min(others.len())..].iter().map(latest_row);
    [latest_row(first)].into_iter().chain(gap).chain(last).collect()
}

/// The last rows of many, below a row that says how many are left out.
pub(super) fn last_rows(mut rows: Vec<String>, room: usize) -> Vec<String> {
    if room == 0 || rows.len() <= room {
        rows.truncate(room);
        return rows;
    }
    let last = rows.split_off(rows.len() - (room - 1));
    [gap_row(rows.len())].into_iter().chain(last).collect()
}

fn gap_row(left_out: usize) -> String {
    paint(FAINT, format_args!("          … {left_out} more …"))
}

fn latest_row(Made { is_chosen, text }: &Made) -> String {
    format!("  {}  {text}", paint(if *is_chosen { STRONG } else { FAINT }, how(*is_chosen)))
}

pub(super) fn earlier_row(Made { is_chosen, text }: &Made) -> String {
    paint(FAINT, format_args!("  {}  {text}", how(*is_chosen)))
}

fn how(is_chosen: bool) -> &'static str {
    if is_chosen { "chosen" } else { "forced" }
}
