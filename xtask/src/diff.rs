//! Draws an output the way the program ran: a column a lane, time runs down.

use console::Term;
use transcript::{Timing, Transcript, Verdict};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::answer::{Answer, Result};
use crate::artifacts::Artifacts;
use crate::cli;
use crate::judgement::{Judgement, judge};
use crate::runner::{Run, Runner};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, println};
use crate::workspace::Workspace;

/// The width where there is no terminal to ask.
const IN_A_PIPE: usize = 100;
/// A column needs room for its line and a gap.
const NARROWEST: usize = 3;

/// `diff`: one run of a scene, drawn against its transcript.
pub(crate) fn diff(arguments: &cli::Diff) -> Result {
    let workspace = Workspace::find()?;
    let (chapter, scene) = workspace.scene(&arguments.scene)?;
    let transcripts = scene.proven()?;
    let runner = Runner::new()?;
    let artifacts = Artifacts::of(&runner, &workspace, &[chapter])?;
    let mut failures = 0;
    for path in transcripts {
        let transcript = workspace.transcript(path)?;
        let binary = artifacts.binary(chapter)?;
        let run = Run::new(transcript.command(), binary, chapter.deadline);
        let report = runner.run(&run)?;
        let judgement = judge(&transcript, &report);
        let verdict = match &judgement {
            Judgement::Passed(_) => paint(GOOD, "accepted"),
            Judgement::Skipped(reason) => format!("{}: {reason}", paint(NOTE, "skipped")),
            Judgement::Failed(_) => paint(BAD, "rejected"),
        };
        println(format_args!("{} {verdict}", transcript.command().join(" ")))?;
        let output = String::from_utf8_lossy(&report.stdout);
        println(drawing(&transcript, &output, report.timing))?;
        if let Judgement::Failed(failure) = &judgement {
            failures += 1;
            println(failure)?;
        }
    }
    Ok(Answer::from_failures(failures))
}

/// `output` in columns, with the lines marked that the transcript does not allow where they stand.
pub(crate) fn drawing(transcript: &Transcript, output: &str, timing: Timing) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let (lanes, marked) = match transcript.judge(output, timing) {
        Verdict::Accepted(accepted) => {
            let lane = |event: &usize| transcript.events().get(*event).map(|event| event.lane);
            (accepted.events.iter().map(lane).collect(), Vec::new())
        }
        Verdict::Rejected(rejected) => {
            let marked = rejected.faults.iter().filter_map(|fault| fault.line);
            (rejected.lanes, marked.collect())
        }
        Verdict::Undecided { .. } => (vec![None; lines.len()], Vec::new()),
    };
    let drawing =
        Drawing { names: transcript.lanes(), lines: &lines, lanes: &lanes, marked: &marked };
    drawing.draw(width())
}

/// How many columns the reader's terminal has.
pub(crate) fn width() -> usize {
    Term::stdout().size_checked().map_or(IN_A_PIPE, |(_, columns)| usize::from(columns))
}

struct Drawing<'a> {
    names: &'a [String],
    lines: &'a [&'a str],
    /// For each line its lane, where one claims it.
    lanes: &'a [Option<usize>],
    /// The lines at fault, from 0.
    marked: &'a [usize],
}

impl Drawing<'_> {
    fn draw(&self, width: usize) -> String {
        let digits = self.lines.len().to_string().len();
        // The mark, the number, and a space behind each.
        let room = width.saturating_sub(digits + 3);
        let step = self.step(room);
        let mut rows = Vec::new();
        let names = self.names.iter().map(String::as_str);
        if self.names.iter().all(|name| name.width() < step) {
            let heading: String =
                names.map(|name| format!("{name}{}", " ".repeat(step - name.width()))).collect();
            rows.push((' ', 0, paint(STRONG, cut(heading.trim_end(), room))));
        } else {
            // Too narrow for names beside each other: one below the other, each above its column.
            rows.extend(names.enumerate().map(|(lane, name)| {
                (' ', 0, self.row(lane, step, room, &paint(STRONG, name), name.width()))
            }));
        }
        for (index, line) in self.lines.iter().enumerate() {
            let marked = self.marked.contains(&index);
            let lane = self.lanes.get(index).copied().flatten();
            let text = cut(line, room.saturating_sub(lane.unwrap_or(0) * step));
            let columns = text.width();
            let text = if marked { paint(BAD, &text) } else { text };
            let mark = match (marked, lane) {
                (true, _) => '▶',
                (false, None) => '?',
                (false, Some(_)) => ' ',
            };
            let row = match lane {
                Some(lane) => self.row(lane, step, room, &text, columns),
                None => text,
            };
            rows.push((mark, index + 1, row));
        }
        rows.into_iter()
            .map(|(mark, number, row)| {
                let number = if number == 0 { String::new() } else { number.to_string() };
                format!("{mark} {number:>digits$} {row}").trim_end().to_owned() + "\n"
            })
            .collect()
    }

    /// How far apart the columns stand: as the texts need, or as the room allows. A line may reach into the columns to
    /// its right, since nothing else stands in its row.
    fn step(&self, room: usize) -> usize {
        let longest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
        let text = longest(&mut self.lines.iter().map(|line| line.width()));
        let name = longest(&mut self.names.iter().map(|name| name.width()));
        let wanted = text.max(name) + 2;
        let gaps = self.names.len().saturating_sub(1).max(1);
        let allowed = room.saturating_sub(wanted.min(room / 2)) / gaps;
        wanted.min(allowed).max(NARROWEST)
    }

    /// `text` in the column of `lane`, and a faint line in every other one.
    fn row(&self, lane: usize, step: usize, room: usize, text: &str, columns: usize) -> String {
        let guide = format!("{}{}", paint(FAINT, "│"), " ".repeat(step - 1));
        let mut row = guide.repeat(lane) + text;
        let mut at = lane * step + columns;
        for other in lane + 1..self.names.len() {
            let column = other * step;
            if column > at && column < room {
                row.push_str(&" ".repeat(column - at));
                row.push_str(&paint(FAINT, "│"));
                at = column + 1;
            }
        }
        row
    }
}

/// `text`, or as much of it as fits in `room` columns. Control characters are made visible.
fn cut(text: &str, room: usize) -> String {
    let text: String = text.chars().map(visible).collect();
    if text.width() <= room {
        return text;
    }
    let mut columns = 1; // for the sign that something is missing
    let kept = text.chars().take_while(|character| {
        columns += character.width().unwrap_or(0);
        columns <= room
    });
    kept.chain(['…']).collect()
}

/// An escape sequence or a carriage return would spoil the columns.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{7f}' => '␡',
        control if control.is_control() => {
            char::from_u32(0x2400 + u32::from(control)).unwrap_or('�')
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(names: &[&str], lines: &[&str], lanes: &[Option<usize>], width: usize) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let drawing = Drawing { names: &names, lines, lanes, marked: &[2] };
        anstream::adapter::strip_str(&drawing.draw(width)).to_string()
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
        let drawing = draw(&["parent", "child"], &LINES, &LANES, 80);
        assert_eq!(drawing, expected.join("\n"));
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
        let drawing = draw(&["parent", "child"], &LINES, &LANES, 15);
        assert_eq!(drawing, expected.join("\n"));
    }

    #[test]
    fn control_characters_do_no_harm() {
        assert_eq!(cut("a\r\u{1b}[1mb", 80), "a␍␛[1mb");
    }
}
