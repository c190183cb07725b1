//! Characters at coordinates.

use unicode_width::UnicodeWidthChar;

use super::drawing::{Drawing, Style};

#[derive(Default)]
pub(super) struct Canvas(Vec<Vec<Cell>>);

/// A character with its combining marks; empty after a character that is two columns wide.
#[derive(Clone)]
struct Cell {
    text: String,
    style: Style,
}

impl Canvas {
    pub(super) fn height(&self) -> usize {
        self.0.len()
    }

    pub(super) fn has(&self, row: usize, x: usize, c: char) -> bool {
        let cell = self.0.get(row).and_then(|row| row.get(x));
        cell.is_some_and(|cell| cell.text.chars().eq([c]))
    }

    pub(super) fn set(&mut self, row: usize, x: usize, c: char, style: Style) {
        *self.cell(row, x) = Cell { text: c.into(), style };
    }

    /// Writes a visible text, and returns the column after it.
    pub(super) fn put(&mut self, row: usize, start: usize, text: &str, style: Style) -> usize {
        let mut x = start;
        for c in text.chars() {
            let width = c.width().unwrap_or(0);
            match width {
                0 if x > start => self.cell(row, x - 1).text.push(c),
                0 => {}
                _ => self.set(row, x, c, style),
            }
            (1..width).for_each(|covered| self.cell(row, x + covered).text.clear());
            x += width;
        }
        x
    }

    fn cell(&mut self, row: usize, x: usize) -> &mut Cell {
        let blank = Cell { text: " ".to_owned(), style: Style::Plain };
        if self.0.len() <= row {
            self.0.resize(row + 1, Vec::new());
        }
        if self.0[row].len() <= x {
            self.0[row].resize(x + 1, blank);
        }
        &mut self.0[row][x]
    }

    pub(super) fn drawing(self) -> Drawing {
        let mut drawing = Drawing::default();
        for mut row in self.0 {
            while row.last().is_some_and(|cell| cell.text == " ") {
                row.pop();
            }
            let mut spans: Vec<(Style, String)> = Vec::new();
            for Cell { text, style } in row {
                match spans.last_mut() {
                    Some((last, before)) if *last == style => before.push_str(&text),
                    _ => spans.push((style, text)),
                }
            }
            drawing.line(spans);
        }
        drawing
    }
}
