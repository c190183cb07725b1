//! `audit --broken`: every planted flaw must be caught, and by the message that the README quotes.

use std::collections::BTreeMap;

use transcript::{Timing, Transcript};

use crate::answer::Result;
use crate::audit::copies::{Copy, prepare, reserve};
use crate::audit::indented;
use crate::audit::quotes::Quotes;
use crate::judgement::{Cause, Judgement, judge};
use crate::parallel;
use crate::runner::{Run, Runner};
use crate::selector::Selected;
use crate::terminal::{BAD, GOOD, NOTE, counted, paint, println};
use crate::workspace::Workspace;

/// How often a flaw may hide: schedules differ, and a race shows in some of them only.
const RUNS: usize = 10;
/// How often at most, since runs in which the machine stood still do not count.
const MOST_RUNS: usize = 3 * RUNS;

/// What became of one flaw.
enum Outcome {
    /// Caught with the quoted message, in this run.
    Caught { run: usize },
    /// Caught, but never with the quoted message; the commonest one.
    Misquoted { said: String },
    /// Every run was accepted.
    Escaped,
    /// This machine lacks what it takes: a program, or the calm to judge claims about time.
    Skipped(String),
    /// It could not be tried, and why.
    Unusable(String),
}

/// Tries every flaw of the selected scenes; returns how many were not caught as quoted.
/// With `fix`, what the checks say becomes the quotation.
pub(crate) fn audit(workspace: &Workspace, selected: &[Selected<'_>], fix: bool) -> Result<usize> {
    let mut copies = Vec::new();
    let mut quotes = BTreeMap::new();
    for Selected { chapter, scenes, .. } in selected {
        quotes.insert(chapter.name.as_str(), Quotes::read(chapter)?);
        let flaws = chapter.flaws()?.into_iter();
        let asked_for = flaws.filter(|flaw| scenes.iter().any(|scene| scene.name == flaw.scene));
        copies.extend(asked_for.map(|flaw| Copy::new(workspace, chapter, flaw)));
    }
    let _reserved = reserve(workspace)?;
    let runner = Runner::new()?;
    let faults = prepare(&runner, workspace, &copies)?;

    let mut caught = 0;
    let mut failures = 0;
    let mut fixed = Vec::new();
    try_all(&runner, workspace, &copies, &faults, &quotes, |copy, outcome| {
        let quotes = &quotes[copy.chapter.name.as_str()];
        let verdict = match outcome {
            Outcome::Misquoted { said } if fix && quotes.has(&copy.flaw) => {
                caught += 1;
                fixed.push((copy, said));
                format!("{}; README.md quotes it now", paint(GOOD, "caught"))
            }
            outcome => {
                caught += usize::from(matches!(outcome, Outcome::Caught { .. }));
                failures +=
                    usize::from(!matches!(outcome, Outcome::Caught { .. } | Outcome::Skipped(_)));
                outcome.describe(copy, quotes)
            }
        };
        println(format_args!("{}: {verdict}", workspace.display(&copy.flaw.path)))
    })?;
    for (copy, said) in &fixed {
        let quotes = quotes.entry(&copy.chapter.name).or_default();
        quotes.set(&copy.flaw, said);
        quotes.write(copy.chapter)?;
    }
    println(format_args!("{} planted: {caught} caught", counted(copies.len(), "flaw")))?;
    Ok(failures)
}

impl Outcome {
    fn describe(&self, copy: &Copy<'_>, quotes: &Quotes) -> String {
        match self {
            Self::Caught { run } => format!("{} in run {run}", paint(GOOD, "caught")),
            Self::Misquoted { said } => {
                let (scene, flaw) = (&copy.flaw.scene, &copy.flaw.name);
                let missing =
                    format!("write <!-- says: {scene} {flaw} --> and <!-- end --> there, then ");
                let first = if quotes.has(&copy.flaw) { "" } else { &missing };
                let verdict = paint(BAD, "misquoted");
                let said = indented(said);
                format!(
                    "{verdict}: README.md does not quote what the check says:\n{said}\n    \
                     {first}`cargo xtask audit --broken --fix`"
                )
            }
            Self::Escaped => format!(
                "{} in {RUNS} runs: the transcript is too weak, or the flaw is none",
                paint(BAD, "not caught")
            ),
            Self::Skipped(why) => format!("{}: {why}", paint(NOTE, "skipped")),
            Self::Unusable(why) => format!("{}: {why}", paint(BAD, "not tried")),
        }
    }
}

/// Tries several copies at a time; `report` gets each with its outcome, in the order of `copies`.
fn try_all<'a>(
    runner: &Runner,
    workspace: &Workspace,
    copies: &'a [Copy<'_>],
    faults: &[Option<String>],
    quotes: &BTreeMap<&str, Quotes>,
    mut report: impl FnMut(&'a Copy<'_>, Outcome) -> Result<()>,
) -> Result<()> {
    let work = |((index, copy), fault): ((usize, &Copy<'_>), &Option<String>)| {
        let outcome = match fault {
            Some(fault) => Ok(Outcome::Unusable(fault.clone())),
            None => attempt(workspace, runner, copy, &quotes[copy.chapter.name.as_str()]),
        };
        (index, outcome)
    };
    let mut early = BTreeMap::new();
    let mut reported = 0;
    parallel::for_each(
        parallel::cores(),
        copies.iter().enumerate().zip(faults),
        work,
        |(index, outcome)| {
            early.insert(index, outcome?);
            while let Some(outcome) = early.remove(&reported) {
                report(&copies[reported], outcome)?;
                reported += 1;
            }
            Ok(())
        },
    )
}

/// Runs one flawed scene until it is caught as quoted, or often enough.
fn attempt(
    workspace: &Workspace,
    runner: &Runner,
    copy: &Copy<'_>,
    quotes: &Quotes,
) -> Result<Outcome> {
    let scene = copy.chapter.scene(&copy.flaw.scene)?;
    let paths = scene.proven()?.iter();
    let transcripts: Vec<Transcript> =
        paths.map(|path| workspace.transcript(path)).collect::<Result<_>>()?;
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    let mut judged = 0;
    for number in 1..=MOST_RUNS {
        let mut is_judged = true;
        for transcript in &transcripts {
            let run = Run::new(transcript.command(), &copy.binary(), copy.chapter.deadline);
            let report = runner.run(&run)?;
            let failure = match judge(transcript, &report) {
                Judgement::Failed(failure) => failure,
                Judgement::Skipped(why) => return Ok(Outcome::Skipped(why)),
                Judgement::Passed(_) => {
                    is_judged &= report.timing == Timing::Judged || !transcript.claims_time();
                    continue;
                }
            };
            let message = failure.neutral().to_string();
            if quotes.says(&copy.flaw, &message) {
                return Ok(Outcome::Caught { run: number });
            }
            if matches!(failure.cause, Cause::Hung { .. }) {
                // It takes the whole deadline each time: once is enough.
                return Ok(Outcome::Misquoted { said: message });
            }
            *said.entry(message).or_default() += 1;
        }
        judged += usize::from(is_judged);
        if judged == RUNS {
            break;
        }
    }
    Ok(match said.into_iter().max_by_key(|(_, times)| *times) {
        Some((said, _)) => Outcome::Misquoted { said },
        None if judged == RUNS => Outcome::Escaped,
        None => Outcome::Skipped(
            "the machine stood still too often to judge claims about time".to_owned(),
        ),
    })
}
