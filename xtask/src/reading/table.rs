//! Tables: as wide as the page allows, with cells of several lines.

use console::measure_text_width;

use super::document::{Inline, strong};
use super::wrap;
use crate::terminal::{FAINT, PLAIN, paint};

/// What is between two columns.
const GAP: &str = "  ";

/// A table in lines of at most `columns` columns. One that does not fit has a paragraph for each row instead.
pub(crate) fn lines(rows: &[Vec<Vec<Inline>>], columns: usize) -> Vec<String> {
    let Some((head, body)) = rows.split_first() else { return Vec::new() };
    let head: Vec<Vec<Inline>> = head.iter().map(|cell| strong(cell)).collect();
    let Some(widths) = widths(&head, body, columns) else { return stacked(&head, body, columns) };

    let mut lines = row(&head, &widths);
    let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    lines.push(paint(FAINT, rule.join(GAP)));
    let rows: Vec<Vec<String>> = body.iter().map(|cells| row(cells, &widths)).collect();
    let is_airy = rows.iter().any(|row| row.len() > 1);
    for (index, row) in rows.into_iter().enumerate() {
        if is_airy && index > 0 {
            lines.push(String::new());
        }
        lines.extend(row);
    }
    lines
}

/// How wide each column is: as wide as its content, or, where that does not fit, as wide as the other wide ones. None
/// if there is no room for the longest words.
fn widths(head: &[Vec<Inline>], body: &[Vec<Vec<Inline>>], columns: usize) -> Option<Vec<usize>> {
    let bounds: Vec<(usize, usize)> = (0..head.len())
        .map(|column| {
            let cells = [head].into_iter().chain(body.iter().map(Vec::as_slice));
            let cells = cells.filter_map(|cells| cells.get(column)).map(|cell| wrap::bounds(cell));
            cells.fold((0, 0), |(most, least), (one, two)| (most.max(one), least.max(two)))
        })
        .collect();
    let room = columns.checked_sub(GAP.len() * head.len().saturating_sub(1))?;
    let widths = |level: usize| -> Vec<usize> {
        bounds.iter().map(|(most, least)| level.clamp(*least, *most)).collect()
    };
    (0..=room).rev().map(widths).find(|widths| widths.iter().sum::<usize>() <= room)
}

/// One row, in as many lines as its highest cell has.
fn row(cells: &[Vec<Inline>], widths: &[usize]) -> Vec<String> {
    let cells: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(cell, width)| wrap::lines(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |index: usize| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            let text = cell.get(index).map_or("", String::as_str);
            line.extend([text, &" ".repeat(width - measure_text_width(text)), GAP]);
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// `Head: cell`, a line each, and an empty line between two rows.
fn stacked(head: &[Vec<Inline>], body: &[Vec<Vec<Inline>>], columns: usize) -> Vec<String> {
    let rows = body.iter().map(|cells| {
        let cells = head.iter().zip(cells);
        let lines = cells.flat_map(|(head, cell)| {
            let colon = Inline::new(PLAIN, ": ");
            wrap::lines(&[head, &[colon][..], cell].concat(), columns)
        });
        lines.collect::<Vec<String>>()
    });
    rows.collect::<Vec<_>>().join(&String::new())
}

#[cfg(test)]
mod tests {
    use super::super::document::{Block, parse};
    use super::*;

    const TABLE: &str = "| Python | Rust |\n|---|---|\n| one | two three |\n| four five | six |\n";

    fn shown(columns: usize) -> Vec<String> {
        let [Block::Table(rows)] = &parse(TABLE, &|_| None)[..] else { panic!("one table") };
        let lines = lines(rows, columns).into_iter();
        lines.map(|line| anstream::adapter::strip_str(&line).to_string()).collect()
    }

    #[test]
    fn a_table_takes_the_room_that_there_is() {
        let wide =
            ["Python     Rust", "─────────  ─────────", "one        two three", "four five  six"];
        assert_eq!(shown(100), wide);
        assert_eq!(shown(20), wide);
        let narrow = [
            "Python  Rust",
            "──────  ─────",
            "one     two",
            "        three",
            "",
            "four    six",
            "five",
        ];
        assert_eq!(shown(13), narrow);
    }

    #[test]
    fn a_table_without_room_is_a_list_of_its_rows() {
        let stacked =
            ["Python: one", "Rust: two", "three", "", "Python: four", "five", "Rust: six"];
        assert_eq!(shown(12), stacked);
    }
}
