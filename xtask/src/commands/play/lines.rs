//! The lines so far, each in the column of its lane, and none of them cut.

use console::measure_text_width;
use transcript::{Span, Style, Transcript, Verdict};

use super::position::{Position, is_illegal};
use crate::drawing::styled;
use crate::terminal::{FAINT, paint, wrapped};

/// The fewest columns into which a line is broken.
const NARROWEST: usize = 12;

pub(super) fn lines(
    transcript: Option<&Transcript>,
    position: &Position,
    width: usize,
) -> Vec<String> {
    let Position { output, authors, verdict, .. } = position;
    if output.is_empty() {
        return vec![paint(FAINT, "nothing is printed yet")];
    }
    let printed: Vec<String> = output.lines().map(runner::escaped).collect();
    // Narrow columns would say less than a list.
    let is_drawn = |transcript: &Transcript, verdict: &Verdict| {
        is_illegal(verdict) || width / transcript.lanes().len().max(1) >= NARROWEST
    };
    let room = authors.iter().map(|author| author.chars().count()).max().unwrap_or(0);
    match transcript.zip(verdict.as_ref()).filter(|(it, verdict)| is_drawn(it, verdict)) {
        Some((transcript, verdict)) => {
            let drawing = transcript.drawing(output, verdict, width);
            let rows = drawing.lines().iter();
            rows.flat_map(|spans| {
                broken(spans, &printed, width).unwrap_or_else(|| {
                    vec![spans.iter().map(|span| styled(span.style, &span.text)).collect()]
                })
            })
            .collect()
        }
        None => {
            let rows = printed.iter().zip(authors).enumerate();
            rows.flat_map(|(at, (line, author))| {
                let text = wrapped(line, width.saturating_sub(room + 7).max(NARROWEST));
                let margin = |number: &str, author: &str| {
                    paint(FAINT, format_args!("{number:>3} {author:>room$} │ "))
                };
                let first = margin(&(at + 1).to_string(), author);
                let margins = std::iter::once(first).chain(std::iter::repeat(margin("", "")));
                let rows = text.split('\n').zip(margins);
                rows.map(|(text, margin)| format!("{margin}{text}")).collect::<Vec<_>>()
            })
            .collect()
        }
    }
}

/// A row of a drawing whose line is cut, as several rows that have all of the line. None if the line is whole, or has
/// too little room.
fn broken(spans: &[Span], printed: &[String], width: usize) -> Option<Vec<String>> {
    let row: String = spans.iter().map(|span| span.text.as_str()).collect();
    let shown = row.strip_suffix('…')?;
    let number = row.split_whitespace().find_map(|word| word.parse::<usize>().ok())?;
    let line = printed.get(number.checked_sub(1)?)?;
    // Where the line begins.
    let mut places = shown.char_indices().map(|(at, _)| at);
    let at = places.find(|at| shown[*at..].len() > 1 && line.starts_with(&shown[*at..]))?;
    let before = &row[..at];
    let room = width.checked_sub(measure_text_width(before)).filter(|room| *room >= NARROWEST)?;
    // The columns of the other lanes go on.
    let below = before.replace(|character: char| character != '│', " ");
    let style = spans.last().map_or(Style::Plain, |span| span.style);
    let text = wrapped(line, room);
    let margins = std::iter::once(before).chain(std::iter::repeat(below.as_str()));
    let rows = text.split('\n').zip(margins);
    Some(rows.map(|(text, margin)| format!("{margin}{}", styled(style, text))).collect())
}

#[cfg(test)]
mod tests {
    use transcript::Timing;

    use super::*;

    #[test]
    fn a_line_that_is_too_long_for_its_column_is_broken() {
        let text = "a | begins\nb | says a lot, and does not stop before the row is full\n";
        let transcript = Transcript::parse("t.txt", text).expect("a transcript");
        let output = "begins\nsays a lot, and does not stop before the row is full\n";
        let verdict = transcript.judge(output, Timing::Waived);
        let drawing = transcript.drawing(output, &verdict, 40);
        let printed: Vec<String> = output.lines().map(str::to_owned).collect();
        let rows: Vec<_> =
            { drawing.lines().iter() }.map(|spans| broken(spans, &printed, 40)).collect();
        let [None, None, Some(rows)] = &rows[..] else { panic!("{rows:#?}") };
        assert!(rows.iter().all(|row| measure_text_width(row) <= 40), "{rows:#?}");
        assert!(rows[0].starts_with("  2 │") && rows[1].starts_with("    │"), "{rows:#?}");
        let words = rows.iter().flat_map(|row| row.split_whitespace()).filter(|word| *word != "│");
        let line = words.collect::<Vec<_>>().join(" ");
        assert!(line.ends_with(&printed[1]), "{line}");
    }
}
