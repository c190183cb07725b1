//! One order of a program, step by step.

use orders::{Choices, Replay};
use runner::{Act, Step};
use transcript::Transcript;

use crate::directed::{Direct, Directed, DirectedScene, STEPS, does};
use crate::drawing::{drawing_of, width};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Failure, Judgement};
use crate::player::Played;
use crate::terminal::{BAD, FAINT, GOOD, NOTE, STRONG, paint, print, println, wrapped};

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
        let text = format!("{name} does not end within {STEPS} moves in this order");
        return Err(Error::Question(wrapped(&text, width())));
    };
    print(steps.iter().map(described).collect::<String>())?;
    if let Some(divergence) = replay.divergence() {
        let advice = "it has changed since, or these are the choices of another one";
        let text = format!("{name} does not follow these choices: {divergence}; {advice}");
        return Err(Error::Question(wrapped(&text, width())));
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
