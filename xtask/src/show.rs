//! `show`: what a transcript means, spelt out.

use std::fmt::Write;
use std::path::Path;

use transcript::{Count, Edge, Times, Transcript};

use crate::answer::{Answer, Result};
use crate::cli;
use crate::terminal::{FAINT, NOTE, STRONG, paint, print};
use crate::workspace::{Workspace, read, read_transcript};

pub(crate) fn show(arguments: &cli::Show) -> Result {
    let file = Path::new(&arguments.transcript);
    // No scene's name has a dot in it, so that a misspelt path is told from a misspelt scene.
    if file.exists() || file.extension().is_some_and(|extension| extension == "txt") {
        print(explain(&read_transcript(file, &arguments.transcript)?, &read(file)?))?;
        return Ok(Answer::Held);
    }
    let workspace = Workspace::find()?;
    let (_, scene) = workspace.scene(&arguments.transcript)?;
    for path in scene.proven()? {
        print(explain(&workspace.transcript(path)?, &read(path)?))?;
    }
    Ok(Answer::Held)
}

/// The transcript from the outside in: how much it allows, its picture, then events, order and rules.
fn explain(transcript: &Transcript, source: &str) -> String {
    let mut text = String::new();
    _ = writeln!(text, "{}: $ {}", transcript.name(), transcript.command().join(" "));
    _ = writeln!(text, "{}", legal(transcript.count()));
    if transcript.exits() != 0 {
        _ = writeln!(text, "ends with exit code {}", transcript.exits());
    }
    _ = writeln!(text, "\n{}", transcript.picture().trim_end());

    heading(&mut text, "Events: each happens, and nothing else is printed");
    let lanes = transcript.lanes();
    let width = lanes.iter().map(|lane| lane.chars().count()).max().unwrap_or(0);
    for (index, event) in transcript.events().iter().enumerate() {
        let times = match event.times {
            Times::Once => "|",
            Times::Optional => "?|",
            Times::Many => "*|",
        };
        let timing = if event.timing { paint(FAINT, "  (timing)") } else { String::new() };
        let lane = &lanes[event.lane];
        _ = writeln!(text, "{:>4}  {lane:width$} {times} {}{timing}", index + 1, event.text);
    }

    let edges = transcript.covering_edges();
    if !edges.is_empty() {
        heading(&mut text, "Order: what comes before what, and why");
    }
    for Edge { before, after, reason } in edges {
        let reason = paint(FAINT, reason);
        _ = writeln!(text, "{:>4} before {:<4} {reason}", before + 1, after + 1);
    }

    let rules = transcript.rules();
    if !rules.is_empty() {
        heading(&mut text, "Rules");
        for (line, _) in rules {
            let rule = source.lines().nth(line - 1).unwrap_or_default();
            let place = paint(FAINT, format_args!("(line {line})"));
            _ = writeln!(text, "      {rule}  {place}");
        }
    }
    for lint in transcript.lint() {
        _ = writeln!(text, "\n{}: {lint}", paint(NOTE, "warning"));
    }
    text.push('\n');
    text
}

fn heading(text: &mut String, heading: &str) {
    _ = writeln!(text, "\n{}", paint(STRONG, heading));
}

/// The size of what is allowed, in words: `140 legal outputs; a run shows one`.
pub(crate) fn legal(count: Count) -> String {
    match count {
        Count::Exactly(1) => "1 legal output: every run prints the same".to_owned(),
        Count::Exactly(_) | Count::AtMost(_) | Count::Overflow => {
            format!("{count} legal outputs; a run shows one")
        }
        Count::Unbounded => "any number of legal outputs; a run shows one".to_owned(),
        Count::Undecided => "too many legal outputs to count; a run shows one".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_legal_output_is_not_several() {
        assert_eq!(legal(Count::Exactly(1)), "1 legal output: every run prints the same");
    }
}
