//! `verify`: any output against any transcript, inside or outside a course.

use std::io::{self, Read};
use std::path::Path;

use transcript::{Timing, Transcript, Verdict};

use crate::cli;
use crate::drawing::{drawing, width};
use crate::exit::{Answer, Error, Result};
use crate::terminal::{BAD, GOOD, NOTE, paint, println};

pub(crate) fn verify(arguments: &cli::Verify) -> Result {
    let (transcript, output) = (&arguments.transcript, &arguments.output);
    if is_stdin(transcript) && is_stdin(output) {
        let message = "only one of the two can be standard input: name a file for the other";
        return Err(Error::Question(message.to_owned()));
    }
    let transcript = text(transcript, read(transcript)?)?;
    let transcript = Transcript::parse(&name(&arguments.transcript), &transcript)
        .map_err(|error| Error::Question(error.to_string()))?;
    let output = text(output, read(output)?)?;

    match transcript.judge(&output, Timing::Judged) {
        Verdict::Accepted(accepted) => {
            for warning in accepted.warnings {
                println(format_args!("{}: {warning}", paint(NOTE, "warning")))?;
            }
            println(format_args!(
                "{}: {}",
                paint(GOOD, "accepted"),
                transcript.legal(transcript.count())
            ))?;
            Ok(Answer::Held)
        }
        Verdict::Rejected(rejected) => {
            let drawing = drawing(&transcript, &output, Timing::Judged);
            let report = rejected.wrapped(width());
            println(format_args!("{}\n{report}\n\n{drawing}", paint(BAD, "rejected")))?;
            Ok(Answer::Broken)
        }
        Verdict::Undecided(why) => {
            println(format_args!("{}: {why}", paint(BAD, "undecided")))?;
            Ok(Answer::Broken)
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// What messages call the file.
fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if is_stdin(path) {
        io::stdin().read_to_end(&mut bytes).map_err(|error| Error::file("read", path, &error))?;
    } else {
        bytes = std::fs::read(path).map_err(|error| Error::file("read", path, &error))?;
    }
    Ok(bytes)
}

fn text(path: &Path, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::Question(format!("{}:{line}: not text: no UTF-8 at byte {at}", name(path)))
    })
}
