//! The partial order as swim lanes: each lane is a column, and time runs down.

use std::collections::HashSet;

use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::drawing::{Drawing, Style};
use crate::budget::Budget;
use crate::legal::{FileOrder, neutral_values, walk};
use crate::model::{Edge, Times, Transcript};
use crate::text::{cut, visible, wrapped};

/// Columns are not wrapped narrower than this if that fits.
const COMFORTABLE: usize = 16;

/// The narrowest column.
const NARROWEST: usize = 8;

/// The most events that are drawn.
const MOST_EVENTS: usize = 200;

/// Blanks between two columns, if there is room for them.
const GAP: usize = 3;

impl Transcript {
    /// The partial order, at most `width` columns wide. Lanes are columns in order of appearance, and time runs down.
    /// An arrow between two lanes has a row of its own, in the same place as in the file.
    ///
    /// If there are too many lanes for columns, each line names its lane. Only the beginning of a long transcript is
    /// drawn.
    ///
    /// ```
    /// let text = "parent | fork\nparent -> child\nchild | hello\nparent | wait\n";
    /// let transcript = transcript::Transcript::parse("demo.txt", text)?;
    /// let expected = "\
    /// parent   child
    /// │ fork
    /// ├────────▶
    /// │        │ hello
    /// │ wait
    /// ";
    /// assert_eq!(transcript.picture(80).to_string(), expected);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn picture(&self, width: usize) -> Drawing {
        let rows = self.rows();
        let texts = self.texts();
        let mut canvas = match self.columns(&texts, width) {
            Some(columns) => self.in_columns(&rows, &texts, &columns),
            None => self.in_lines(&rows, &texts, width),
        };
        let more = self.events.len().saturating_sub(MOST_EVENTS);
        if more > 0 {
            let text = format!("… {more} more lines left out …");
            let row = canvas.height();
            canvas.put(row, 0, &text, Style::Note);
        }
        canvas.drawing()
    }

    fn in_columns(&self, rows: &[Row], texts: &[String], columns: &[Column]) -> Canvas {
        let mut canvas = Canvas::default();
        for (lane, column) in columns.iter().enumerate() {
            canvas.put(0, column.start, &self.lanes[lane], Style::Heading);
        }
        let mut height = 1;
        let spans = self.spans(rows);
        for (index, row) in rows.iter().enumerate() {
            let active = |lane: usize| {
                spans[lane].is_some_and(|(first, last)| (first..=last).contains(&index))
            };
            let text = match row {
                Row::Event(event) => {
                    wrapped(&texts[*event], columns[self.events[*event].lane].width)
                }
                Row::Arrow { .. } => vec![String::new()],
            };
            for (below, text) in text.iter().enumerate() {
                for lane in (0..columns.len()).filter(|&lane| active(lane)) {
                    canvas.set(height + below, columns[lane].start, '│', Style::Plain);
                }
                if let Row::Event(event) = row {
                    let x = columns[self.events[*event].lane].start + 2;
                    canvas.put(height + below, x, text, Style::Plain);
                }
            }
            if let Row::Arrow { from, to } = row {
                draw_arrow(&mut canvas, height, columns, from, to);
            }
            height += text.len();
        }
        canvas
    }

    /// Names the lane in each line, if there is no room for columns.
    fn in_lines(&self, rows: &[Row], texts: &[String], width: usize) -> Canvas {
        let mut canvas = Canvas::default();
        let names = |lanes: &[usize]| {
            let names: Vec<&str> = lanes.iter().map(|&lane| self.lanes[lane].as_str()).collect();
            names.join(", ")
        };
        for (row, shown) in rows.iter().enumerate() {
            match shown {
                Row::Event(event) => {
                    let name = cut(&self.lanes[self.events[*event].lane], width / 3);
                    let x = canvas.put(row, 0, &name, Style::Heading);
                    let x = canvas.put(row, x, " | ", Style::Faint);
                    let text = cut(&texts[*event], width.saturating_sub(x));
                    canvas.put(row, x, &text, Style::Plain);
                }
                Row::Arrow { from, to } => {
                    let text = cut(&format!("{} -> {}", names(from), names(to)), width);
                    canvas.put(row, 0, &text, Style::Faint);
                }
            }
        }
        canvas
    }

    /// The rows: each event, and each arrow before the first event that waits for it.
    fn rows(&self) -> Vec<Row> {
        let edges = self.covering_edges();
        let shown = self.events.len().min(MOST_EVENTS);
        let mut drawn = HashSet::new();
        let mut rows = Vec::new();
        let mut arrows = self.arrows.iter().peekable();
        for event in 0..=shown {
            while let Some(arrow) = arrows.next_if(|arrow| arrow.above <= event) {
                let (before, after) = self.order.ends(arrow);
                let edge =
                    |edge: &&Edge| before.contains(&edge.before) && after.contains(&edge.after);
                let lane = |event: usize| self.events[event].lane;
                let new: Vec<(usize, usize)> = edges
                    .iter()
                    .filter(edge)
                    .map(|edge| (edge.before, edge.after))
                    .filter(|edge| lane(edge.0) != lane(edge.1) && edge.1 < shown)
                    .filter(|edge| !drawn.contains(edge))
                    .collect();
                drawn.extend(new.iter().copied());
                let mut from: Vec<usize> = new.iter().map(|edge| lane(edge.0)).collect();
                let mut to: Vec<usize> = new.iter().map(|edge| lane(edge.1)).collect();
                from.sort_unstable();
                from.dedup();
                to.sort_unstable();
                to.dedup();
                if !from.is_empty() {
                    rows.push(Row::Arrow { from, to });
                }
            }
            if event < shown {
                rows.push(Row::Event(event));
            }
        }
        rows
    }

    fn texts(&self) -> Vec<String> {
        let values = neutral_values(self);
        let mut texts: Vec<String> = (0..self.events.len())
            .map(|event| self.fill(event, |variable| Some(&values[variable])))
            .collect();
        // The values of ranges obey the rules if the file's own order is legal.
        if let Some(run) = walk(self, &values, &mut FileOrder, &Budget::default()) {
            for (event, line) in run.events.into_iter().zip(run.lines) {
                texts[event] = line;
            }
        }
        for (text, event) in texts.iter_mut().zip(&self.events) {
            *text = visible(text).into_owned();
            text.push_str(match event.times {
                Times::Once => "",
                Times::Optional => " (or not)",
                Times::Many => " (any number of times)",
            });
        }
        texts
    }

    /// The columns, wrapped to fit the width; none if they are too wide even so.
    fn columns(&self, texts: &[String], width: usize) -> Option<Vec<Column>> {
        let lanes = self.lanes.len().max(1);
        let share = (width.saturating_sub(GAP * (lanes - 1)) / lanes).saturating_sub(2);
        let narrower = (NARROWEST..COMFORTABLE).rev();
        let widths = [share.max(COMFORTABLE)].into_iter().chain(narrower);
        let mut ways = widths.flat_map(|widest| (1..=GAP).rev().map(move |gap| (widest, gap)));
        ways.find_map(|(widest, gap)| {
            let mut start = 0;
            let columns = (0..self.lanes.len()).map(|lane| {
                let events = self.order.lanes[lane].iter().filter(|&&event| event < MOST_EVENTS);
                let texts = events.flat_map(|&event| wrapped(&texts[event], widest));
                let width = texts.map(|line| line.width()).max().unwrap_or_default();
                let column = Column { start, width };
                start += (width + 2).max(self.lanes[lane].width()) + gap;
                column
            });
            let columns = columns.collect();
            (start.saturating_sub(gap) <= width).then_some(columns)
        })
    }

    /// The first and the last row of each lane.
    fn spans(&self, rows: &[Row]) -> Vec<Option<(usize, usize)>> {
        let mut spans: Vec<Option<(usize, usize)>> = vec![None; self.lanes.len()];
        for (index, row) in rows.iter().enumerate() {
            let touched = match row {
                Row::Event(event) => vec![self.events[*event].lane],
                Row::Arrow { from, to } => from.iter().chain(to).copied().collect(),
            };
            for lane in touched {
                spans[lane] = Some((spans[lane].map_or(index, |span| span.0), index));
            }
        }
        spans
    }
}

enum Row {
    Event(usize),
    /// Lanes.
    Arrow {
        from: Vec<usize>,
        to: Vec<usize>,
    },
}

struct Column {
    start: usize,
    /// The width of the text after the bar.
    width: usize,
}

fn draw_arrow(canvas: &mut Canvas, row: usize, columns: &[Column], from: &[usize], to: &[usize]) {
    let ends = || from.iter().chain(to).copied();
    let (first, last) = (ends().min().unwrap_or_default(), ends().max().unwrap_or_default());
    let many_to_many =
        from.iter().any(|lane| to.contains(lane)) || (from.len() > 1 && to.len() > 1);
    let line = if many_to_many { '═' } else { '─' };
    for x in columns[first].start..=columns[last].start {
        let crosses = canvas.has(row, x, '│');
        canvas.set(row, x, if crosses { '┼' } else { line }, Style::Plain);
    }
    for (lane, column) in columns.iter().enumerate().take(last + 1).skip(first) {
        let sign = match (from.contains(&lane), to.contains(&lane)) {
            _ if many_to_many => match lane {
                _ if lane == first => '╞',
                _ if lane == last => '╡',
                _ => '╪',
            },
            (true, _) if lane == first => '├',
            (true, _) if lane == last => '┤',
            (true, _) => '┴',
            (_, true) if from.iter().all(|&source| source < lane) => '▶',
            (_, true) if from.iter().all(|&source| source > lane) => '◀',
            (_, true) => '▼',
            _ => continue,
        };
        canvas.set(row, column.start, sign, Style::Plain);
    }
}
