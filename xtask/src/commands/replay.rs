//! `replay`: a scene in the order of an earlier run.

use course::Course;
use runner::{Act, Replay, Step};

use crate::cli;
use crate::drawing::{drawing, width};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Judgement, judge};
use crate::player::{Play, Player};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, print, println, wrapped};

pub(crate) fn replay(arguments: &cli::Replay) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(std::slice::from_ref(&arguments.name))?;
    // The scene's own transcript comes first, before those of its variants.
    let [path, ..] = scene.proven()? else {
        return Err(Error::Question(format!("{} has no transcript", arguments.name)));
    };
    let transcript = course.transcript(path)?;
    let player = Player::new()?;
    let artifacts = player.build(&course, &[chapter])?;
    let play = Play::new(transcript.command(), artifacts.binary(chapter)?, chapter.deadline);

    let mut replay = Replay::new(&arguments.choices);
    let (played, steps) = player.direct(&play, |view| replay.choose(view))?;
    if arguments.steps {
        print(steps.iter().map(described).collect::<String>())?;
    }
    if let Some(divergence) = replay.divergence() {
        let advice = "the scene has changed since, or these are the choices of another one";
        let text =
            format!("{} does not follow these choices: {divergence}; {advice}", arguments.name);
        return Err(Error::Question(wrapped(&text, width())));
    }
    let judgement = judge(&transcript, &played);
    let verdict = match &judgement {
        Judgement::Passed(_) => paint(GOOD, "passed"),
        Judgement::Skipped(reason) => format!("{}: {reason}", paint(NOTE, "skipped")),
        Judgement::Failed(_) => paint(BAD, "FAILED"),
    };
    let output = played.recording.stdout();
    let output = String::from_utf8_lossy(&output);
    print(runner::escaped_lines(&output))?;
    println(format_args!("\n{verdict}  {} {}", arguments.name, arguments.choices))?;
    let Judgement::Failed(failure) = &judgement else {
        return Ok(Answer::Passed);
    };
    println(failure.report(width()))?;
    print(drawing(&transcript, &output, played.timing))?;
    print(runner::escaped_lines(&String::from_utf8_lossy(&played.recording.stderr())))?;
    Ok(Answer::Failed)
}

/// A step in a line: the options that there were, the thread by its birth, and what it did.
fn described(Step { made, chosen, options }: &Step) -> String {
    let act = match made.act {
        Act::Begin => "begins".to_owned(),
        Act::Print => format!("prints {}", runner::escaped(made.text.trim_end())),
        Act::Return => "has printed".to_owned(),
        Act::EndSleep => "ends its sleep".to_owned(),
        Act::Wake => "wakes another thread".to_owned(),
        Act::EndWait => "looks again at what it waited for".to_owned(),
        Act::TimeOut => "meets its timeout".to_owned(),
        Act::EndPoll => "sees an event".to_owned(),
        Act::Signal => "sends a signal".to_owned(),
        other => format!("{other:?}"),
    };
    let choice = match options {
        1 => paint(FAINT, "   forced"),
        _ => paint(STRONG, format_args!("{:>9}", format!("{chosen} of {options}"))),
    };
    format!("{choice}  {:<8} {act}\n", made.thread.to_string())
}
