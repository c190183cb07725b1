//! Drawings for this terminal, in its width and with colours.

use transcript::{Drawing, Style, Timing, Transcript};

use crate::player::Played;
pub(crate) use crate::terminal::width;
use crate::terminal::{BAD, FAINT, NOTE, STRONG, paint};

/// `output` in columns. Lines that the transcript does not allow are marked.
pub(crate) fn drawing(transcript: &Transcript, output: &str, timing: Timing) -> String {
    let verdict = transcript.judge(output, timing);
    coloured(&transcript.drawing(output, &verdict, width()))
}

/// What a run printed, in columns.
pub(crate) fn drawing_of(transcript: &Transcript, played: &Played) -> String {
    let output = played.recording.stdout();
    drawing(transcript, &String::from_utf8_lossy(&output), played.timing)
}

/// A drawing with colours for a terminal.
pub(crate) fn coloured(drawing: &Drawing) -> String {
    drawing.paint(styled)
}

/// A part of a drawing with its colour for a terminal.
pub(crate) fn styled(style: Style, text: &str) -> String {
    match style {
        Style::Heading => paint(STRONG, text),
        Style::Faint => paint(FAINT, text),
        Style::Fault => paint(BAD, text),
        Style::Note => paint(NOTE, text),
        _ => text.to_owned(),
    }
}
