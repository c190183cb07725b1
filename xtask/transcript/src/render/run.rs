//! What a program printed: each line in the column of its lane, with the faults marked.

use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::drawing::{Drawing, Style};
use crate::judge::Verdict;
use crate::model::Transcript;
use crate::text::cut;

/// An output of at most this many lines is drawn in full; of a longer one, only the lines around its faults.
const MOST_LINES: usize = 200;
/// Lines shown before and after a fault, and at both ends.
const AROUND: usize = 10;
/// The most faults whose surroundings are shown.
const MOST_FAULTS: usize = 5;
/// The narrowest column: it needs room for the beginning of a text, and a gap.
const NARROWEST: usize = 3;

impl Transcript {
    /// Draws an output, at most `width` columns wide: each lane is a column, and time runs down. A line at fault is
    /// marked `▶`, a line without a lane `?`.
    ///
    /// Only the lines around the faults of a long output are drawn.
    ///
    /// ```
    /// use transcript::{Timing, Transcript};
    ///
    /// let text = "parent | forked\nchild | bye\nchild -> parent\nparent | reaped\n";
    /// let transcript = Transcript::parse("demo.txt", text)?;
    /// let output = "forked\nreaped\nbye\n";
    /// let verdict = transcript.judge(output, Timing::Judged);
    /// let expected = "
    ///     parent  child
    ///   1 forked  │
    /// ▶ 2 reaped  │
    ///   3 │       bye
    /// ";
    /// assert_eq!(transcript.drawing(output, &verdict, 80).to_string(), expected[1..]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn drawing(&self, output: &str, verdict: &Verdict, width: usize) -> Drawing {
        let lines: Vec<&str> = output.split_terminator('\n').collect();
        let (lanes, faults) = match verdict {
            Verdict::Accepted(accepted) => {
                let lane = |event: &usize| self.events.get(*event).map(|event| event.lane);
                (accepted.events.iter().map(lane).collect(), Vec::new())
            }
            Verdict::Rejected(rejected) => {
                let faults = rejected.faults.iter().flat_map(|fault| &fault.output_lines);
                (rejected.lanes.clone(), faults.map(|line| line - 1).collect())
            }
            Verdict::Undecided(_) => (Vec::new(), Vec::new()),
        };
        let run = Run { names: &self.lanes, lines: &lines, lanes: &lanes, faults: &faults };
        run.draw(width)
    }
}

struct Run<'a> {
    names: &'a [String],
    lines: &'a [&'a str],
    /// For each line, its lane if it has one.
    lanes: &'a [Option<usize>],
    /// Lines, from 0.
    faults: &'a [usize],
}

impl Run<'_> {
    fn draw(&self, width: usize) -> Drawing {
        let digits = self.lines.len().to_string().len();
        // The mark and the number, each followed by a blank.
        let left = digits + 3;
        let room = width.saturating_sub(left).max(1);
        let parts = shown(self.lines.len(), self.faults);
        let lanes = self.lanes_of(&parts);
        let step = self.step(&parts, &lanes, room);
        let mut canvas = Canvas::default();
        if let Some(step) = step {
            self.head(&mut canvas, &lanes, left, step, room);
        }
        let mut next = 0;
        for part in &parts {
            left_out(&mut canvas, part.start - next);
            for index in part.clone() {
                self.line(&mut canvas, index, &lanes, (left, step, room));
            }
            next = part.end;
        }
        left_out(&mut canvas, self.lines.len() - next);
        canvas.drawing()
    }

    fn lane(&self, line: usize) -> Option<usize> {
        self.lanes.get(line).copied().flatten()
    }

    /// The lanes that are drawn: all, or those that print in the shown part of a long output.
    fn lanes_of(&self, parts: &[Range<usize>]) -> Vec<usize> {
        let shown: usize = parts.iter().map(Range::len).sum();
        let all = shown == self.lines.len();
        let prints = |lane: &usize| {
            all || parts.iter().cloned().flatten().any(|line| self.lane(line) == Some(*lane))
        };
        (0..self.names.len()).filter(prints).collect()
    }

    /// The distance between two columns: as much as the texts need, or as the room allows. A line may reach into the
    /// columns to its right, since its row holds nothing else. None if there are too many columns.
    fn step(&self, parts: &[Range<usize>], lanes: &[usize], room: usize) -> Option<usize> {
        let text = |line: usize| cut(self.lines[line], room).width();
        let texts = parts.iter().cloned().flatten().map(text).max().unwrap_or(0);
        let names = lanes.iter().map(|&lane| self.names[lane].width()).max().unwrap_or(0);
        let wanted = texts.max(names) + 2;
        let gaps = lanes.len().saturating_sub(1).max(1);
        let allowed = room.saturating_sub(wanted.min(room / 2)) / gaps;
        let step = wanted.min(allowed);
        (step >= NARROWEST || lanes.len() < 2).then_some(step.max(NARROWEST))
    }

    fn head(&self, canvas: &mut Canvas, lanes: &[usize], left: usize, step: usize, room: usize) {
        let beside = lanes.iter().all(|&lane| self.names[lane].width() < step);
        for (column, &lane) in lanes.iter().enumerate() {
            // There is no room for the names side by side: they are printed one below the other, each above its column.
            let row = if beside { 0 } else { column };
            if !beside {
                guides(canvas, row, 0..column, left, step);
            }
            let name = cut(&self.names[lane], room.saturating_sub(column * step));
            let end = canvas.put(row, left + column * step, &name, Style::Heading);
            if !beside {
                let others = (column + 1..lanes.len()).filter(|other| left + other * step > end);
                guides(canvas, row, others, left, step);
            }
        }
    }

    fn line(
        &self,
        canvas: &mut Canvas,
        index: usize,
        lanes: &[usize],
        (left, step, room): (usize, Option<usize>, usize),
    ) {
        let row = canvas.height();
        let fault = self.faults.contains(&index);
        let lane = self.lane(index);
        let style = if fault { Style::Fault } else { Style::Plain };
        let mark = match (fault, lane) {
            (true, _) => '▶',
            (false, None) => '?',
            (false, Some(_)) => ' ',
        };
        canvas.set(row, 0, mark, style);
        let number = format!("{:>1$}", index + 1, left - 3);
        canvas.put(row, 2, &number, Style::Plain);
        let text = self.lines[index];
        let column = lane.and_then(|lane| lanes.iter().position(|other| *other == lane));
        match (step, column) {
            (Some(step), Some(column)) => {
                guides(canvas, row, 0..column, left, step);
                let text = cut(text, room.saturating_sub(column * step));
                let end = canvas.put(row, left + column * step, &text, style);
                let right = column + 1..lanes.len();
                guides(canvas, row, right.filter(|other| left + other * step > end), left, step);
            }
            (None, Some(_)) => {
                let name = cut(lane.map_or("", |lane| &self.names[lane]), room / 3);
                let end = canvas.put(row, left, &name, Style::Heading);
                let end = canvas.put(row, end, " | ", Style::Faint);
                canvas.put(row, end, &cut(text, (left + room).saturating_sub(end)), style);
            }
            (_, None) => _ = canvas.put(row, left, &cut(text, room), style),
        }
    }
}

fn guides(
    canvas: &mut Canvas,
    row: usize,
    columns: impl Iterator<Item = usize>,
    left: usize,
    step: usize,
) {
    columns.for_each(|column| canvas.set(row, left + column * step, '│', Style::Faint));
}

/// The lines to draw, in ranges that neither touch nor overlap.
fn shown(count: usize, faults: &[usize]) -> Vec<Range<usize>> {
    if count <= MOST_LINES {
        return std::iter::once(0..count).collect();
    }
    let mut parts = vec![0..AROUND, count - AROUND..count];
    let around = |&fault: &usize| fault.saturating_sub(AROUND)..(fault + AROUND + 1).min(count);
    parts.extend(faults.iter().filter(|&&fault| fault < count).take(MOST_FAULTS).map(around));
    parts.sort_by_key(|part| part.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match merged.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => merged.push(part),
        }
    }
    merged
}

fn left_out(canvas: &mut Canvas, lines: usize) {
    let text = match lines {
        0 => return,
        1 => "… 1 line left out …".to_owned(),
        _ => format!("… {lines} lines left out …"),
    };
    let row = canvas.height();
    canvas.put(row, 2, &text, Style::Note);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(names: &[&str], lines: &[&str], lanes: &[Option<usize>], width: usize) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Run { names: &names, lines, lanes, faults: &[2] }.draw(width).to_string()
    }

    const LINES: [&str; 4] = ["about to fork", "hello", "forked", "what?"];
    const LANES: [Option<usize>; 4] = [Some(0), Some(1), Some(0), None];

    #[test]
    fn lanes_are_columns() {
        let expected = [
            "    parent         child",
            "  1 about to fork  │",
            "  2 │              hello",
            "▶ 3 forked         │",
            "? 4 what?",
            "",
        ];
        assert_eq!(draw(&["parent", "child"], &LINES, &LANES, 80), expected.join("\n"));
    }

    #[test]
    fn a_narrow_terminal_cuts() {
        let expected = [
            "    parent",
            "    │     child",
            "  1 about to f…",
            "  2 │     hello",
            "▶ 3 forked",
            "? 4 what?",
            "",
        ];
        assert_eq!(draw(&["parent", "child"], &LINES, &LANES, 15), expected.join("\n"));
    }

    #[test]
    fn too_many_lanes_are_named_in_front() {
        let names: Vec<String> = (0..40).map(|lane| format!("worker{lane}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let drawing = draw(&names, &["begins", "ends"], &[Some(7), Some(39)], 40);
        assert_eq!(drawing, "  1 worker7 | begins\n  2 worker39 | ends\n");
    }

    #[test]
    fn a_drawing_is_no_wider_than_asked_for() {
        let lines = ["进程".repeat(90), "\u{1b}[2J".repeat(90), "plain".repeat(90), "?".repeat(90)];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for width in 12..120 {
            for names in [&["parent", "child"][..], &["a", "b", "c", "d", "e", "f"]] {
                let drawing = draw(names, &lines, &LANES, width);
                let widest = drawing.lines().map(UnicodeWidthStr::width).max();
                assert!(widest <= Some(width), "{width}\n{drawing}");
            }
        }
    }

    #[test]
    fn of_a_long_output_the_surroundings_of_a_fault_are_shown() {
        assert_eq!(shown(200, &[7]).first(), Some(&(0..200)));
        assert_eq!(shown(1_000, &[500, 505, 3]), [0..14, 490..516, 990..1_000]);
        assert_eq!(shown(1_000, &[]), [0..10, 990..1_000]);
        let lines = vec!["tick"; 200_000];
        let drawing = draw(&["clock"], &lines, &vec![Some(0); lines.len()], 80);
        assert!(drawing.contains("\n  … 199977 lines left out …\n"), "{drawing}");
        assert_eq!(drawing.lines().count(), 25);
    }
}
