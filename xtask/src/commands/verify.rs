//! `verify`: judges any output by any transcript, inside or outside a course.

use std::ffi::OsString;

use transcript::{Accepted, Timing, Transcript, Verdict};

use crate::cli;
use crate::drawing::{drawing, drawing_of, width};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Judgement, judge};
use crate::player::Player;
use crate::program;
use crate::terminal::{BAD, GOOD, NOTE, paint, println};

pub(crate) fn verify(arguments: &cli::Verify) -> Result {
    let path = &arguments.transcript;
    if program::is_stdin(path) && arguments.output.as_deref().is_some_and(program::is_stdin) {
        let message = "only one of the two can be standard input: name a file for the other";
        return Err(Error::Question(message.to_owned()));
    }
    let transcript = program::transcript(path)?;
    match &arguments.output {
        Some(output) => judge_output(&transcript, &program::text(output)?),
        None => judge_program(&transcript, &arguments.program),
    }
}

/// Runs a program once, in the current directory, and judges everything about the run.
fn judge_program(transcript: &Transcript, program: &[OsString]) -> Result {
    let played = Player::new()?.observe(&program::launch(program, program::DEADLINE)?)?;
    match judge(transcript, &played) {
        Judgement::Passed(accepted) => report_accepted(transcript, &accepted),
        Judgement::Skipped(reason) => {
            println(format_args!("{}: {reason}", paint(NOTE, "skipped")))?;
            Ok(Answer::Passed)
        }
        Judgement::Failed(failure) => {
            let drawing = drawing_of(transcript, &played);
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
