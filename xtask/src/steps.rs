//! One order of a program, step by step.

use orders::{Choices, Divergence, Replay};
use runner::{Act, Direction, Step};
use transcript::Transcript;

use crate::directed::{Direct, Directed, DirectedScene, STEPS};
use crate::drawing::{drawing_of, width};
use crate::exit::{Answer, Error, Result};
use crate::judgement::{Failure, Judgement};
use crate::labels::Labels;
use crate::player::Played;
use crate::terminal::{
    BAD, FAINT, GOOD, NOTE, STRONG, grouped, one_line, paint, print, println, wrapped,
};

/// The headings of the table of steps.
const CHOICE: &str = "choice";
const TASK: &str = "task";
/// The row before the first choice that is not in the list.
const LIST_ENDS: &str = "the list of choices ends here: from now on, each choice is 0";
/// What the names of tasks without a lane mean.
const BIRTHS: &str =
    "A name such as #0.2 tells a birth: the second task that the first one has made.";

/// The command that shows a run of a scene step by step: the run with these choices, where it could be steered like
/// this.
///
/// A scene that also has an explored program, `is_explored`, needs a flag for it.
pub(crate) fn command(
    (scene, is_explored): (&str, bool),
    direction: &Direction,
    choices: &Choices,
) -> String {
    let returns = if direction.returns { " --returns" } else { "" };
    let early_timeouts = if direction.early_timeouts { " --early-timeouts" } else { "" };
    let flags = format!("{returns}{early_timeouts}");
    // The other flags are those of a directed run anyway.
    let directed = if is_explored && flags.is_empty() { " --directed" } else { flags.as_str() };
    format!("cargo xtask replay {scene}{directed} {choices}")
}

/// Runs a program once more with the choices of an earlier run, and prints its steps and what they are worth. `kind`
/// says what kind of run it is, if there are several.
pub(crate) fn replay(
    (name, kind): (&str, Option<&str>),
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
    println(paint(STRONG, name))?;
    if let Some(kind) = kind {
        println(paint(FAINT, wrapped(kind, width())))?;
    }
    let labels = Labels::of_run(transcript, &steps);
    let followed = followed(&steps, replay.divergence());
    if followed > 0 {
        print(table(&labels, &steps[..followed], choices))?;
    }
    if let Some(divergence) = replay.divergence() {
        let divergence = divergence.described(|it| labels.described(it));
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

/// How many steps come before the choice at which the run could not follow the list.
fn followed(steps: &[Step], divergence: Option<&Divergence>) -> usize {
    let Some(Divergence::NoSuchMove { place, .. }) = divergence else { return steps.len() };
    let mut chosen = steps.iter().enumerate().filter(|(_, step)| !step.is_forced());
    chosen.nth(place - 1).map_or(steps.len(), |(at, _)| at)
}

/// Why a run failed, the run in columns, and what it printed on stderr.
pub(crate) fn evidence(transcript: &Transcript, failure: &Failure, played: &Played) -> String {
    let drawing = drawing_of(transcript, played);
    let stderr = played.recording.stderr();
    let stderr = runner::escaped_lines(&String::from_utf8_lossy(&stderr));
    format!("{}\n{drawing}{stderr}", failure.report(width()))
}

/// The steps, a row each: the choice that was made, the task, and what it did.
fn table(labels: &Labels<'_>, steps: &[Step], choices: &Choices) -> String {
    let made: Vec<String> = steps.iter().map(choice).collect();
    let names: Vec<String> = steps.iter().map(|step| labels.name(&step.made.thread)).collect();
    let widest = |texts: &[String], heading: &str| {
        texts.iter().map(|text| text.chars().count()).max().unwrap_or(0).max(heading.len())
    };
    let (choice_width, name_width) = (widest(&made, CHOICE), widest(&names, TASK));
    let mut text = paint(FAINT, format_args!("{CHOICE:choice_width$}  {TASK}")) + "\n";
    let mut left = choices.numbers().len();
    let mut is_told = left == 0;
    for ((step, choice), name) in steps.iter().zip(&made).zip(&names) {
        if !step.is_forced() {
            if left == 0 && !is_told {
                text += &format!("{}\n", paint(FAINT, LIST_ENDS));
                is_told = true;
            }
            left = left.saturating_sub(1);
        }
        let choice = paint(STRONG, format_args!("{choice:choice_width$}"));
        let name = paint(FAINT, format_args!("{name:name_width$}"));
        text += &format!("{choice}  {name}  {}\n", act(labels, step));
    }
    if names.iter().any(|name| name.contains('#')) {
        text += &format!("{}\n", paint(FAINT, BIRTHS));
    }
    text
}

fn act(labels: &Labels<'_>, Step { made, .. }: &Step) -> String {
    match made.act {
        Act::Print => format!("prints  {}", paint(GOOD, one_line(&made.text))),
        _ => labels.does(made),
    }
}

fn choice(step: &Step) -> String {
    match step.options {
        1 => String::new(),
        options => made_of(step.chosen, &(0..options).collect::<Vec<_>>()),
    }
}

/// `1 of 0 and 1`, `2 of 0 to 3`: a choice, and the numbers that were possible, in ascending order.
pub(crate) fn made_of(choice: usize, numbers: &[usize]) -> String {
    let listed =
        |numbers: &[usize]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match numbers {
        [first, .., last] if numbers.len() > 2 && last - first == numbers.len() - 1 => {
            format!("{choice} of {first} to {last}")
        }
        [others @ .., last] if !others.is_empty() => {
            format!("{choice} of {} and {last}", listed(others))
        }
        _ => format!("{choice} of {}", listed(numbers)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_shown_among_the_numbers_that_were_possible() {
        for (choice, numbers, text) in [
            (1, &[0, 1][..], "1 of 0 and 1"),
            (2, &[0, 1, 2, 3], "2 of 0 to 3"),
            (0, &[0, 1, 3], "0 of 0, 1 and 3"),
            (4, &[4], "4 of 4"),
        ] {
            assert_eq!(made_of(choice, numbers), text);
        }
    }
}
