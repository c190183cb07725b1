//! One order of a program, step by step.

use orders::{Choices, Replay};
use runner::{Act, Direction, Step};
use transcript::Transcript;

use crate::directed::{Direct, Directed, DirectedScene, STEPS, does};
use crate::drawing::{drawing_of, width};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Failure, Judgement};
use crate::player::Played;
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, grouped, paint, print, println};

/// The command that shows a run of a scene step by step: the run with these choices, where it could be steered like
/// this.
pub(crate) fn command(scene: &str, direction: &Direction, choices: &Choices) -> String {
    let returns = if direction.returns { " --returns" } else { "" };
    let early_timeouts = if direction.early_timeouts { " --early-timeouts" } else { "" };
    format!("cargo xtask replay {scene}{returns}{early_timeouts} {choices}")
}

/// Runs a program once more with the choices of an earlier run, and prints its steps and what they are worth.
pub(crate) fn replay(
    name: &str,
    transcript: &Transcript,
    choices: &Choices,
    direct: impl Direct,
) -> Result {
    let mut replay = Replay::new(choices.clone());
    let mut directed = DirectedScene::new(transcript, direct);
    let made = directed.next_run(&mut replay)?.and_then(|(_, made)| made);
    let Some(Directed { played, steps, judgement }) = made else {
        let moves = grouped(STEPS as u128);
        let text = format!("{name} does not end within {moves} moves in this order");
        return Err(Error::Question(text));
    };
    print(steps.iter().map(described).collect::<String>())?;
    if let Some(divergence) = replay.divergence() {
        let advice = "it has changed since, or these are the choices of another one";
        let text = format!("{name} does not follow these choices: {divergence}; {advice}");
        return Err(Error::Question(text));
    }
    let verdict = match &judgement {
        Judgement::Passed(_) => paint(GOOD, "passed"),
        Judgement::Skipped(reason) => format!("{}: {reason}", paint(NOTE, "skipped")),
        Judgement::Failed(_) => paint(BAD, "FAILED"),
    };
    println(format_args!("\n{verdict}  {name} {choices}"))?;
    let Judgement::Failed(failure) = &judgement else {
        return Ok(Answer::Passed);
    };
    print(evidence(transcript, failure, &played))?;
    Ok(Answer::Failed)
}

/// Why a run failed, the run in columns, and what it printed on stderr.
pub(crate) fn evidence(transcript: &Transcript, failure: &Failure, played: &Played) -> String {
    let drawing = drawing_of(transcript, played);
    let stderr = played.recording.stderr();
    let stderr = runner::escaped_lines(&String::from_utf8_lossy(&stderr));
    format!("{}\n{drawing}{stderr}", failure.report(width()))
}

/// A step in a line: the options that there were, the thread by its birth, and what it did.
fn described(Step { made, chosen, options }: &Step) -> String {
    let act = match made.act {
        Act::Print => printed_text(&made.text),
        _ => does(made),
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
