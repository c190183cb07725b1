//! `audit --broken`: every planted flaw must be caught, with the message that the README quotes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use course::{BrokenCopy, Cache, Course, Quotes, Selected, Span, prepare, reserve};
use transcript::{Flawed, Sightings, Timing, Transcript};

use super::coverage::Refusals;
use crate::cli::CHECK_RUNS;
use crate::exit::Result;
use crate::judgement::{Cause, Failure, Judgement, judge};
use crate::parallel::{self, Demand, Work};
use crate::player::{self, Play, Player};
use crate::terminal::{BAD, GOOD, NOTE, counted, indented, paint, println};

/// How many runs a flaw gets: schedules differ, and a race shows only in some of them. A `seen` rule may need more.
const RUNS: usize = 10;
/// The most runs in total if it gets this number, since runs in which the machine stalled do not count.
const MOST_RUNS: usize = 3 * RUNS;

/// The result for one flaw.
enum Trial {
    /// Caught in this run, with the quoted message if there is a quotation.
    Caught { run: usize },
    /// Caught, but never with the quoted message. This is the most frequent message.
    Misquoted { said: String },
    /// Every run was accepted.
    Escaped,
    /// This machine lacks something: a program, or the calm that claims about time need.
    Skipped(String),
    /// It could not be tried, for this reason.
    Unusable(String),
}

/// Tries every flaw of the selected scenes. Returns how many were not caught as expected, and what the flawed scenes
/// printed. With `fix`, the quotations are set to the new messages.
pub(super) fn audit(
    course: &Course,
    player: &Player,
    selected: &[Selected<'_>],
    fix: bool,
) -> Result<(usize, Refusals)> {
    let mut copies = Vec::new();
    let mut quotes = BTreeMap::new();
    for Selected { chapter, scenes, .. } in selected {
        quotes.insert(chapter.name.as_str(), Quotes::read(chapter)?);
        let flaws = chapter.flaws()?.into_iter();
        let asked_for = flaws.filter(|flaw| scenes.iter().any(|scene| scene.name == flaw.scene));
        copies.extend(asked_for.map(|flaw| BrokenCopy::new(course, chapter, flaw)));
    }
    let _reserved = reserve(course)?;
    let faults = prepare(course, &copies, &player.watch_build())?;

    let mut caught = 0;
    let mut failures = 0;
    let mut fixed = Vec::new();
    let mut refusals = Vec::new();
    try_all(player, course, &copies, &faults, &quotes, |copy, trial, refused| {
        let quotes = &quotes[copy.chapter.name.as_str()];
        refusals.extend(refused);
        let verdict = match trial {
            Trial::Misquoted { said } if fix => {
                caught += 1;
                fixed.push((copy, said));
                format!("{}; README.md quotes it now", paint(GOOD, "caught"))
            }
            trial => {
                caught += usize::from(matches!(trial, Trial::Caught { .. }));
                failures += usize::from(!matches!(trial, Trial::Caught { .. } | Trial::Skipped(_)));
                trial.describe(quotes.has(&copy.flaw))
            }
        };
        println(format_args!("{}: {verdict}", course.display(&copy.flaw.path)))
    })?;
    for (copy, said) in &fixed {
        let quotes = quotes.entry(&copy.chapter.name).or_default();
        quotes.set(&copy.flaw, said);
        quotes.write(copy.chapter)?;
    }
    println(format_args!("{} planted: {caught} caught", counted(copies.len(), "flaw")))?;
    Ok((failures, refusals))
}

impl Trial {
    fn describe(&self, quoted: bool) -> String {
        match self {
            Self::Caught { run } if quoted => format!("{} in run {run}", paint(GOOD, "caught")),
            Self::Caught { run } => format!("{} in run {run}, not quoted", paint(GOOD, "caught")),
            Self::Misquoted { said } => {
                let verdict = paint(BAD, "misquoted");
                let said = indented(said);
                format!(
                    "{verdict}: README.md does not quote what the check says:\n{said}\n    \
                     `cargo xtask audit --broken --fix` writes it there"
                )
            }
            Self::Escaped => format!(
                "{} in {RUNS} runs: the transcript is too weak, or the patch changes nothing that shows",
                paint(BAD, "not caught")
            ),
            Self::Skipped(why) => format!("{}: {why}", paint(NOTE, "skipped")),
            Self::Unusable(why) => format!("{}: {why}", paint(BAD, "not tried")),
        }
    }
}

/// Tries several copies at the same time. `report` gets each copy with its trial, in the order of `copies`.
fn try_all<'a>(
    player: &Player,
    course: &Course,
    copies: &'a [BrokenCopy<'_>],
    faults: &[Option<String>],
    quotes: &BTreeMap<&str, Quotes>,
    mut report: impl FnMut(&'a BrokenCopy<'_>, Trial, Refusals) -> Result<()>,
) -> Result<()> {
    let work = |((index, copy), fault): ((usize, &BrokenCopy<'_>), &Option<String>)| {
        let trial = match fault {
            Some(fault) => Ok((Trial::Unusable(fault.clone()), Vec::new())),
            None => attempt(course, player, copy, &quotes[copy.chapter.name.as_str()]),
        };
        (index, trial)
    };
    let cache = Cache::load(course);
    let demand = |copy: &BrokenCopy<'_>| {
        let name = format!("{}/{}", copy.chapter.name, copy.flaw.scene);
        // A flaw may change the load of its scene, but hardly by an order of magnitude.
        Demand::Processors(cache.span(&name).map_or(1.0, Span::load))
    };
    let trials = copies.iter().enumerate().zip(faults);
    let pieces = trials.map(|work| Work { demand: demand(work.0.1), work }).collect();
    let mut early = BTreeMap::new();
    let mut reported = 0;
    let enter = |(index, trial): (usize, Result<(Trial, Refusals)>)| {
        early.insert(index, trial?);
        while let Some((trial, refused)) = early.remove(&reported) {
            report(&copies[reported], trial, refused)?;
            reported += 1;
        }
        Ok(())
    };
    parallel::for_each(player::limit(), pieces, work, enter)
}

/// Plays one flawed scene until it is caught as expected, or until it has had all its runs.
fn attempt(
    course: &Course,
    player: &Player,
    copy: &BrokenCopy<'_>,
    quotes: &Quotes,
) -> Result<(Trial, Refusals)> {
    let scene = copy.chapter.scene(&copy.flaw.scene)?;
    let transcripts: Vec<(&PathBuf, Transcript)> = scene
        .proven()?
        .iter()
        .map(|path| Ok((path, course.transcript(path)?)))
        .collect::<Result<_>>()?;
    let seen_rules = transcripts.iter().flat_map(|(_, transcript)| transcript.seen_rules());
    let runs = seen_rules.map(|rule| rule.runs() as usize).chain([RUNS]).max().unwrap_or(RUNS);
    let mut outputs: BTreeMap<&PathBuf, Vec<(String, Timing)>> = BTreeMap::new();
    let mut sightings = vec![Sightings::default(); transcripts.len()];
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    let mut trial = None;
    let mut judged = 0;
    for number in 1..=MOST_RUNS / RUNS * runs {
        let mut is_judged = true;
        for ((path, transcript), sightings) in transcripts.iter().zip(&mut sightings) {
            let play = Play::of(&transcript, &copy.binary(), copy.chapter.deadline);
            let mut played = player.play(&play)?;
            let failure = match judge(transcript, &played) {
                Judgement::Failed(failure) => Some(failure),
                Judgement::Skipped(why) => return Ok((Trial::Skipped(why), Vec::new())),
                Judgement::Passed(accepted) => {
                    is_judged &= played.timing == Timing::Judged || !transcript.claims_time();
                    sightings.add(&accepted);
                    // No sooner than a check would say so, and with the same number of runs.
                    let is_over =
                        sightings.runs() >= CHECK_RUNS && transcript.runs_left(sightings) == 0;
                    is_over.then(|| Failure::unseen(transcript, sightings)).flatten()
                }
            };
            let is_evidence = failure.is_some() || !transcript.seen_rules().is_empty();
            if let Ok(output) = String::from_utf8(played.recording.stdout())
                && is_evidence
            {
                outputs.entry(path).or_default().push((output, played.timing));
            }
            let Some(failure) = failure else { continue };
            let mut message = failure.neutral().report(Quotes::COLUMNS);
            let mut is_quoted = quotes.says(&copy.flaw, &message);
            // The figures of a claim about time differ from run to run. What else is wrong may be quoted without them.
            played.timing = Timing::Waived;
            if let Judgement::Failed(untimed) = judge(transcript, &played) {
                message = untimed.neutral().report(Quotes::COLUMNS);
                is_quoted |= quotes.says(&copy.flaw, &message);
            }
            if !quotes.has(&copy.flaw) || is_quoted {
                trial.get_or_insert(Trial::Caught { run: number });
            } else if matches!(failure.cause, Cause::Hung { .. } | Cause::Stuck { .. }) {
                // A hung scene takes the whole deadline each time: once is enough.
                trial.get_or_insert(Trial::Misquoted { said: message });
            } else {
                *said.entry(message).or_default() += 1;
            }
        }
        judged += usize::from(is_judged);
        let is_open = |((_, transcript), sightings): (&(_, Transcript), &Sightings)| {
            transcript.runs_left(sightings) > 0
        };
        let wanted = if transcripts.iter().zip(&sightings).any(is_open) { runs } else { RUNS };
        if trial.is_some() || judged >= wanted {
            break;
        }
    }
    let trial = trial.unwrap_or_else(|| match said.into_iter().max_by_key(|(_, times)| *times) {
        Some((said, _)) => Trial::Misquoted { said },
        None if judged >= RUNS => Trial::Escaped,
        None => {
            Trial::Skipped("the machine stalled too often to judge claims about time".to_owned())
        }
    });
    let name = &copy.flaw.name;
    let flawed =
        |(path, outputs): (&PathBuf, _)| (path.clone(), Flawed { name: name.clone(), outputs });
    Ok((trial, outputs.into_iter().map(flawed).collect()))
}
