//! The moves that were made, a row each.

use super::position::{How, Made};
use crate::terminal::{FAINT, STRONG, paint};

/// The most moves before the last choice that are shown, where there is room.
pub(super) const EARLIER: usize = 12;

/// The most rows of moves from the last choice on, where a screen has no room for more.
pub(super) const MADE: usize = 7;

/// The same where a screen can be as long as it has to be.
pub(super) const PLAIN: usize = 20;

/// The first row and the last ones, in at most this many rows. A row between them says how many are left out.
pub(super) fn first_and_last_rows(rows: &[String], room: usize) -> Vec<String> {
    match rows {
        [first, others @ ..] if rows.len() > room && room > 0 => {
            [first.clone()].into_iter().chain(last_rows(others, room - 1)).collect()
        }
        rows => rows[..rows.len().min(room)].to_vec(),
    }
}

/// The last rows of many, below a row that says how many are left out.
pub(super) fn last_rows(rows: &[String], room: usize) -> Vec<String> {
    if room == 0 || rows.len() <= room {
        return rows[..rows.len().min(room)].to_vec();
    }
    let (left_out, last) = rows.split_at(rows.len() - (room - 1));
    [gap_row(left_out.len())].into_iter().chain(last.iter().cloned()).collect()
}

fn gap_row(left_out: usize) -> String {
    paint(FAINT, format_args!("          … {left_out} more …"))
}

pub(super) fn latest_row(Made { how, text, .. }: &Made) -> String {
    let style = if *how == How::Chosen { STRONG } else { FAINT };
    format!("  {}  {text}", paint(style, word(*how)))
}

pub(super) fn earlier_row(Made { how, text, .. }: &Made) -> String {
    paint(FAINT, format_args!("  {}  {text}", word(*how)))
}

fn word(how: How) -> &'static str {
    match how {
        How::Chosen => "chosen",
        How::Forced => "forced",
        How::Unasked => "  then",
        How::Follows => "     →",
    }
}
