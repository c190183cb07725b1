//! `replay`: a scene in the order of an earlier run, step by step.

mod schedule;

use course::{Chapter, Course, Explored, Scene};
use orders::Replay;
use runner::{Act, Step};

use crate::cli;
use crate::directed::{Directed, DirectedScene, does};
use crate::drawing::{drawing, width};
use crate::exit::{Answer, Error, Result};
use crate::judgement::Judgement;
use crate::player::{Play, Player};
use crate::schedules::{self, Explorer, Subject};
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, print, println, wrapped};

pub(crate) fn replay(arguments: &cli::Replay) -> Result {
    let course = Course::find()?;
    let (chapter, scene) = course.scene(std::slice::from_ref(&arguments.name))?;
    let player = Player::new()?;
    if arguments.explored {
        let explored = Explored::of(chapter, &scene)?
            .ok_or_else(|| schedules::not_explored(&course, chapter, &scene))?;
        let subject = Subject::new(&course, &scene, explored, &arguments.options)?;
        let explorer = Explorer::new(&player, &course, chapter, &subject, arguments.memory)?;
        let schedule = explorer.replay(&arguments.choices)?;
        print(schedule::draw(&subject.name(arguments.memory), &schedule))?;
        return Ok(Answer::Passed);
    }
    directed(arguments, &player, &course, (chapter, &scene))
}

/// Replays a run of the scene's processes.
fn directed(
    arguments: &cli::Replay,
    player: &Player,
    course: &Course,
    (chapter, scene): (&Chapter, &Scene),
) -> Result {
    // The scene's own transcript comes first, before those of its variants.
    let [path, ..] = scene.proven()? else {
        return Err(Error::Question(format!("{} has no transcript", arguments.name)));
    };
    let transcript = course.transcript(path)?;
    let artifacts = player.build(course, &[chapter])?;
    let play = Play::of(&transcript, artifacts.binary(chapter)?, chapter.deadline);

    let mut replay = Replay::new(arguments.choices.clone());
    let mut directed = DirectedScene::new(&transcript, |choose| player.direct(&play, choose));
    let made = directed.next_run(&mut replay)?.and_then(|(_, made)| made);
    let Some(Directed { played, steps, judgement }) = made else {
        return Err(Error::Question(format!("{} takes too many steps", arguments.name)));
    };
    print(steps.iter().map(described).collect::<String>())?;
    if let Some(divergence) = replay.divergence() {
        let advice = "the scene has changed since, or these are the choices of another one";
        let text =
            format!("{} does not follow these choices: {divergence}; {advice}", arguments.name);
        return Err(Error::Question(wrapped(&text, width())));
    }
    let verdict = match &judgement {
        Judgement::Passed(_) => paint(GOOD, "passed"),
        Judgement::Skipped(reason) => format!("{}: {reason}", paint(NOTE, "skipped")),
        Judgement::Failed(_) => paint(BAD, "FAILED"),
    };
    println(format_args!("\n{verdict}  {} {}", arguments.name, arguments.choices))?;
    let Judgement::Failed(failure) = &judgement else {
        return Ok(Answer::Passed);
    };
    println(failure.report(width()))?;
    let output = played.recording.stdout();
    let output = String::from_utf8_lossy(&output);
    print(drawing(&transcript, &output, played.timing))?;
    print(runner::escaped_lines(&String::from_utf8_lossy(&played.recording.stderr())))?;
    Ok(Answer::Failed)
}

/// A step in a line: the options that there were, the thread by its birth, and what it did.
fn described(Step { made, chosen, options }: &Step) -> String {
    let act = match made.act {
        Act::Print => printed_text(&made.text),
        act => does(act).to_owned(),
    };
    let choice = match options {
        1 => String::new(),
        _ => format!("{chosen} of {options}"),
    };
    let choice = paint(STRONG, format_args!("{choice:>8}"));
    format!("{choice}  {} {act}\n", paint(FAINT, format_args!("{:<8}", made.thread.to_string())))
}

fn printed_text(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(runner::escaped).collect();
    format!("prints  {}", paint(GOOD, lines.join(" ⏎ ")))
}
