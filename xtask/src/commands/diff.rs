//! `diff`: one run of a scene, drawn against its transcript.

use course::Course;

use crate::cli;
use crate::drawing::{drawing_of, width};
use crate::exit::{Answer, Result};
use crate::judgement::{Judgement, judge};
use crate::player::{Play, Player};
use crate::terminal::{BAD, GOOD, NOTE, paint, println};

pub(crate) fn diff(arguments: &cli::Diff) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(&arguments.scene)?;
    let transcripts = scene.proven()?;
    let player = Player::new()?;
    let artifacts = player.build(&course, &[chapter])?;
    let mut failures = 0;
    for path in transcripts {
        let transcript = course.transcript(path)?;
        let binary = artifacts.binary(chapter)?;
        let played = player.play(&Play::of(&transcript, binary, chapter.deadline))?;
        let judgement = judge(&transcript, &played);
        let verdict = match &judgement {
            Judgement::Passed(_) => paint(GOOD, "accepted"),
            Judgement::Skipped(reason) => format!("{}: {reason}", paint(NOTE, "skipped")),
            Judgement::Failed(_) => paint(BAD, "rejected"),
        };
        println(format_args!("{} {verdict}", transcript.command().join(" ")))?;
        println(drawing_of(&transcript, &played))?;
        if let Judgement::Failed(failure) = &judgement {
            failures += 1;
            println(failure.report(width()))?;
        }
    }
    Ok(Answer::from_failures(failures))
}
