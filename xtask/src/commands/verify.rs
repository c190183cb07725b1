//! `verify`: judges any output by any transcript, inside or outside a course.

use std::env;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use runner::Launch;
use transcript::{Accepted, Timing, Transcript, Verdict};

use crate::cli;
use crate::drawing::{drawing, width};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Judgement, judge};
use crate::player::Player;
use crate::terminal::{BAD, GOOD, NOTE, paint, println};

/// How long a program may take.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) fn verify(arguments: &cli::Verify) -> Result {
    let path = &arguments.transcript;
    if is_stdin(path) && arguments.output.as_deref().is_some_and(is_stdin) {
        let message = "only one of the two can be standard input: name a file for the other";
        return Err(Error::Question(message.to_owned()));
    }
    let transcript = Transcript::parse(&name(path), &text(path, read(path)?)?)
        .map_err(|error| Error::Question(error.to_string()))?;
    match &arguments.output {
        Some(output) => judge_output(&transcript, &text(output, read(output)?)?),
        None => judge_program(&transcript, &arguments.program),
    }
}

/// Runs a program once, in the current directory, and judges everything about the run.
fn judge_program(transcript: &Transcript, program: &[OsString]) -> Result {
    let here = env::current_dir().map_err(|error| Error::file("find", Path::new("."), &error))?;
    let launch = Launch::new(program).directory(here).deadline(DEADLINE);
    let played = Player::new()?.observe(&launch)?;
    match judge(transcript, &played) {
        Judgement::Passed(accepted) => report_accepted(transcript, &accepted),
        Judgement::Skipped(reason) => {
            println(format_args!("{}: {reason}", paint(NOTE, "skipped")))?;
            Ok(Answer::Passed)
        }
        Judgement::Failed(failure) => {
            let output = played.recording.stdout();
            let drawing = drawing(transcript, &String::from_utf8_lossy(&output), played.timing);
            let report = failure.report(width());
            println(format_args!("{}\n{report}\n\n{drawing}", paint(BAD, "rejected")))?;
            Ok(Answer::Failed)
        }
    }
}

fn report_accepted(transcript: &Transcript, accepted: &Accepted) -> Result {
    for warning in &accepted.warnings {
        println(format_args!("{}: {warning}", paint(NOTE, "warning")))?;
    }
    let legal = transcript.legal(transcript.count());
    println(format_args!("{}: {legal}", paint(GOOD, "accepted")))?;
    Ok(Answer::Passed)
}

fn judge_output(transcript: &Transcript, output: &str) -> Result {
    match transcript.judge(output, Timing::Judged) {
        Verdict::Accepted(accepted) => report_accepted(transcript, &accepted),
        Verdict::Rejected(rejected) => {
            let drawing = drawing(transcript, output, Timing::Judged);
            let report = rejected.wrapped(width());
            println(format_args!("{}\n{report}\n\n{drawing}", paint(BAD, "rejected")))?;
            Ok(Answer::Failed)
        }
        Verdict::Undecided(why) => {
            println(format_args!("{}: {why}", paint(BAD, "undecided")))?;
            Ok(Answer::Failed)
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The file's name in messages.
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
        Error::Question(format!("{}:{line}: not text: byte {at} is not UTF-8", name(path)))
    })
}
