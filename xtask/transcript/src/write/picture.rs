//! The partial order as swim-lanes: one column a lane, time runs down.

use unicode_width::UnicodeWidthStr;

use crate::legal::{FileOrder, neutral_values, walk};
use crate::model::{Edge, Times, Transcript};

/// Columns are wrapped so that the picture is no wider, if the lanes are few enough.
const WIDTH: usize = 96;

/// No column is wrapped narrower than this.
const NARROWEST: usize = 16;

/// Blanks between two columns.
const GAP: usize = 3;

impl Transcript {
    /// The partial order as text: lanes are columns in order of appearance, time runs down, and an arrow between two
    /// lanes is a row of its own, drawn where the file has it.
    pub fn picture(&self) -> String {
        let rows = self.rows();
        let texts = self.texts();
        let columns = self.columns(&texts);
        let mut picture = Grid::default();
        for (lane, name) in self.lanes.iter().enumerate() {
            picture.put(0, columns[lane].start, name);
        }
        let mut height = 1;
        let spans = self.spans(&rows);
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
                    picture.put(height + below, columns[lane].start, "│");
                }
                if let Row::Event(event) = row {
                    picture.put(height + below, columns[self.events[*event].lane].start + 2, text);
                }
            }
            if let Row::Arrow { from, to } = row {
                draw_arrow(&mut picture, height, &columns, from, to);
            }
            height += text.len();
        }
        picture.text()
    }

    /// Each event, and before the first one that waits for it, each arrow.
    fn rows(&self) -> Vec<Row> {
        let edges = self.covering_edges();
        let mut drawn = Vec::new();
        let mut rows = Vec::new();
        let mut arrows = self.arrows.iter().peekable();
        for event in 0..=self.events.len() {
            while let Some(arrow) = arrows.next_if(|arrow| arrow.above <= event) {
                let (before, after) = self.order.ends(arrow);
                let edge =
                    |edge: &&Edge| before.contains(&edge.before) && after.contains(&edge.after);
                let lane = |event: usize| self.events[event].lane;
                let new: Vec<(usize, usize)> =
                    edges.iter().filter(edge).map(|edge| (edge.before, edge.after)).collect();
                let new: Vec<(usize, usize)> = new
                    .into_iter()
                    .filter(|edge| lane(edge.0) != lane(edge.1) && !drawn.contains(edge))
                    .collect();
                drawn.extend(&new);
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
            if event < self.events.len() {
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
        // The values of ranges follow the rules, if the file's own order can be walked.
        if let Some(run) = walk(self, &values, &mut FileOrder) {
            for (event, line) in run.events.into_iter().zip(run.lines) {
                texts[event] = line;
            }
        }
        for (text, event) in texts.iter_mut().zip(&self.events) {
            text.push_str(match event.times {
                Times::Once => "",
                Times::Optional => " (or not)",
                Times::Many => " (any number of times)",
            });
        }
        texts
    }

    fn columns(&self, texts: &[String]) -> Vec<Column> {
        let lanes = self.lanes.len().max(1);
        let widest =
            (WIDTH.saturating_sub(GAP * (lanes - 1)) / lanes).saturating_sub(2).max(NARROWEST);
        let mut start = 0;
        let column = |lane: usize| {
            let texts =
                self.order.lanes[lane].iter().flat_map(|&event| wrapped(&texts[event], widest));
            let width = texts.map(|line| line.width()).max().unwrap_or_default();
            let column = Column { start, width };
            start += (width + 2).max(self.lanes[lane].width()) + GAP;
            column
        };
        (0..self.lanes.len()).map(column).collect()
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
    /// Of the text behind the bar.
    width: usize,
}

fn draw_arrow(picture: &mut Grid, row: usize, columns: &[Column], from: &[usize], to: &[usize]) {
    let ends = || from.iter().chain(to).copied();
    let (first, last) = (ends().min().unwrap_or_default(), ends().max().unwrap_or_default());
    let everybody = from.iter().any(|lane| to.contains(lane)) || (from.len() > 1 && to.len() > 1);
    let line = if everybody { '═' } else { '─' };
    for x in columns[first].start..=columns[last].start {
        let crosses = picture.get(row, x) == Some('│');
        picture.set(row, x, if crosses { '┼' } else { line });
    }
    for (lane, column) in columns.iter().enumerate().take(last + 1).skip(first) {
        let sign = match (from.contains(&lane), to.contains(&lane)) {
            _ if everybody => match lane {
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
        picture.set(row, column.start, sign);
    }
}

/// Broken at blanks so that no line is wider, unless a word is.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    if text.width() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("begins with one line");
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// Text at coordinates.
#[derive(Default)]
struct Grid(Vec<Vec<char>>);

/// Behind a character that is two columns wide.
const COVERED: char = '\0';

impl Grid {
    fn get(&self, row: usize, x: usize) -> Option<char> {
        self.0.get(row)?.get(x).copied()
    }

    fn set(&mut self, row: usize, x: usize, c: char) {
        if self.0.len() <= row {
            self.0.resize(row + 1, Vec::new());
        }
        if self.0[row].len() <= x {
            self.0[row].resize(x + 1, ' ');
        }
        self.0[row][x] = c;
    }

    fn put(&mut self, row: usize, mut x: usize, text: &str) {
        for c in text.chars() {
            self.set(row, x, c);
            let width = c.to_string().width();
            (1..width).for_each(|covered| self.set(row, x + covered, COVERED));
            x += width;
        }
    }

    fn text(self) -> String {
        let line = |row: Vec<char>| {
            let line: String = row.into_iter().filter(|&c| c != COVERED).collect();
            line.trim_end().to_owned() + "\n"
        };
        self.0.into_iter().map(line).collect()
    }
}
