//! The trial of a planted flaw: free runs and attacks, until it is caught with the message that the README quotes.
//!
//! A check makes one free run and then attacks, and so does a trial. Many flaws show in every run, some only in the
//! times of a free run, and a race in an attack. What has escaped by then gets further free runs.

use std::collections::BTreeMap;
use std::fmt;

use course::Quotes;
use transcript::{Flawed, Sightings, Timing, Transcript};

use super::coverage::FlawedOutputs;
use super::planted::{Planted, Proof};
use crate::cli::CHECK_RUNS;
use crate::exit::Result;
use crate::judgement::{Cause, Failure, Judgement, judge};
use crate::player::Played;
use crate::terminal::{BAD, GOOD, NOTE, indented, paint};

/// How many free runs a flaw gets. A `seen` rule may need more.
const RUNS: usize = 10;
/// The most runs in all, as a multiple of that number: runs in which the machine stalled do not count.
const LIMIT: usize = 3;

/// The result for one flaw.
pub(super) enum Trial {
    /// Caught in this run, with the quoted message if there is a quotation.
    Caught(Catch),
    /// Caught, but never with the quoted message. This one is to be quoted.
    Misquoted { said: String },
    /// Every run was accepted, directed ones too if it was attacked.
    Escaped { attacked: bool },
    /// This machine lacks something: a program, or the calm that claims about time need.
    Skipped(String),
    /// It could not be tried, for this reason.
    Unusable(String),
}

/// The run that has caught a flaw. Displayed as `in run 2`, or as `in directed run 1: every line is late`.
pub(super) enum Catch {
    Free { run: usize },
    Directed { run: usize, how: String },
}

impl fmt::Display for Catch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free { run } => write!(f, "in run {run}"),
            Self::Directed { run, how } => write!(f, "in directed run {run}: {how}"),
        }
    }
}

impl Trial {
    pub(super) fn describe(&self, quoted: bool) -> String {
        match self {
            Self::Caught(catch) if quoted => format!("{} {catch}", paint(GOOD, "caught")),
            Self::Caught(catch) => format!("{} {catch}, not quoted", paint(GOOD, "caught")),
            Self::Misquoted { said } => {
                let verdict = paint(BAD, "misquoted");
                let said = indented(said);
                format!(
                    "{verdict}: README.md does not quote what the check says:\n{said}\n    \
                     `cargo xtask audit --broken --fix` writes it there"
                )
            }
            Self::Escaped { attacked } => {
                let attacks = if *attacked { " or in attacks" } else { "" };
                format!(
                    "{} in {RUNS} runs{attacks}: the transcript is too weak, or the patch changes nothing that shows",
                    paint(BAD, "not caught")
                )
            }
            Self::Skipped(why) => format!("{}: {why}", paint(NOTE, "skipped")),
            Self::Unusable(why) => format!("{}: {why}", paint(BAD, "not tried")),
        }
    }
}

/// Plays a flawed scene until it is caught as expected, or until it has had all its runs. Also returns what it printed.
pub(super) fn attempt(
    planted: &Planted<'_>,
    quotes: &Quotes,
    directs: bool,
) -> Result<(Trial, FlawedOutputs)> {
    let mut attempt = Attempt::new(planted, quotes);
    attempt.play()?;
    if directs && attempt.trial.is_none() {
        attempt.attack()?;
    }
    while attempt.is_open() {
        attempt.play()?;
    }
    Ok(attempt.finish())
}

struct Attempt<'a> {
    planted: &'a Planted<'a>,
    quotes: &'a Quotes,
    /// What it printed and what its free runs have shown, for each transcript.
    outputs: Vec<Vec<(String, Timing)>>,
    sightings: Vec<Sightings>,
    /// How often the free runs were reported with each message that is not quoted.
    said: BTreeMap<String, usize>,
    /// The first such message about an attack.
    said_in_attack: Option<String>,
    runs: usize,
    /// How many of them were judged in full.
    judged: usize,
    attacked: bool,
    trial: Option<Trial>,
}

impl<'a> Attempt<'a> {
    fn new(planted: &'a Planted<'a>, quotes: &'a Quotes) -> Self {
        let proofs = planted.proofs.len();
        Self {
            planted,
            quotes,
            outputs: vec![Vec::new(); proofs],
            sightings: vec![Sightings::default(); proofs],
            said: BTreeMap::new(),
            said_in_attack: None,
            runs: 0,
            judged: 0,
            attacked: false,
            trial: None,
        }
    }

    /// One free run by each transcript.
    fn play(&mut self) -> Result<()> {
        self.runs += 1;
        let mut is_judged = true;
        for (index, proof) in self.planted.proofs.iter().enumerate() {
            let transcript = &proof.transcript;
            let (judgement, played) = self.planted.play(proof)?;
            let failure = match judgement {
                Judgement::Failed(failure) => Some(failure),
                Judgement::Skipped(why) => {
                    self.trial = Some(Trial::Skipped(why));
                    return Ok(());
                }
                Judgement::Passed(accepted) => {
                    is_judged &= played.timing == Timing::Judged || !transcript.claims_time();
                    let sightings = &mut self.sightings[index];
                    sightings.add(&accepted);
                    // No sooner than a check would say so, and with the same number of runs.
                    let is_over =
                        sightings.runs() >= CHECK_RUNS && transcript.runs_left(sightings) == 0;
                    is_over.then(|| Failure::unseen(transcript, sightings)).flatten()
                }
            };
            if failure.is_some() || !transcript.seen_rules().is_empty() {
                self.keep_output(index, &played);
            }
            if let Some(failure) = failure {
                self.enter_failure(proof, &failure, played);
            }
        }
        self.judged += usize::from(is_judged);
        Ok(())
    }

    fn attack(&mut self) -> Result<()> {
        for (index, proof) in self.planted.proofs.iter().enumerate() {
            let Some(attacked) = self.planted.attack(proof)? else { continue };
            self.attacked |= attacked.obstacle().is_none();
            let Some(broken) = attacked.broken else { continue };
            let Judgement::Failed(failure) = &broken.directed.judgement else { continue };
            self.keep_output(index, &broken.directed.played);
            let message = failure.neutral().report(Quotes::COLUMNS);
            if self.is_as_expected(&message) {
                let catch = Catch::Directed { run: broken.run, how: broken.how };
                self.trial.get_or_insert(Trial::Caught(catch));
            } else {
                self.said_in_attack.get_or_insert(message);
            }
        }
        Ok(())
    }

    fn keep_output(&mut self, index: usize, played: &Played) {
        if let Ok(output) = String::from_utf8(played.recording.stdout()) {
            self.outputs[index].push((output, played.timing));
        }
    }

    /// Notes a free run that failed.
    fn enter_failure(&mut self, proof: &Proof, failure: &Failure, mut played: Played) {
        let mut message = failure.neutral().report(Quotes::COLUMNS);
        let mut is_as_expected = self.is_as_expected(&message);
        // The figures of a claim about time differ from run to run. What else is wrong may be quoted without them.
        played.timing = Timing::Waived;
        if let Judgement::Failed(untimed) = judge(&proof.transcript, &played) {
            message = untimed.neutral().report(Quotes::COLUMNS);
            is_as_expected |= self.is_as_expected(&message);
        }
        if is_as_expected {
            self.trial.get_or_insert(Trial::Caught(Catch::Free { run: self.runs }));
        } else if matches!(failure.cause, Cause::Hung { .. }) {
            // A hung scene takes the whole deadline each time: once is enough.
            self.trial.get_or_insert(Trial::Misquoted { said: message });
        } else {
            *self.said.entry(message).or_default() += 1;
        }
    }

    /// Whether a failure with this message is what the README quotes, if it quotes any.
    fn is_as_expected(&self, message: &str) -> bool {
        let flaw = self.planted.flaw;
        !self.quotes.has(flaw) || self.quotes.says(flaw, message)
    }

    /// Whether the flaw gets another free run.
    fn is_open(&self) -> bool {
        let transcripts = || self.planted.proofs.iter().map(|proof| &proof.transcript);
        let seen_rules = transcripts().flat_map(Transcript::seen_rules);
        let most = seen_rules.map(|rule| rule.runs() as usize).chain([RUNS]).max().unwrap_or(RUNS);
        let is_unseen = transcripts()
            .zip(&self.sightings)
            .any(|(transcript, sightings)| transcript.runs_left(sightings) > 0);
        let wanted = if is_unseen { most } else { RUNS };
        self.trial.is_none() && self.judged < wanted && self.runs < LIMIT * most
    }

    fn finish(self) -> (Trial, FlawedOutputs) {
        // Free runs that show a race differ, and an attack is always the same. Other flaws are seen in each free run.
        let is_race = self.said.values().sum::<usize>() < self.runs;
        let in_attack = self.said_in_attack.filter(|_| is_race);
        let most_often = || self.said.into_iter().max_by_key(|(_, times)| *times);
        let trial = match self.trial {
            Some(trial) => trial,
            None => match in_attack.or_else(|| Some(most_often()?.0)) {
                Some(said) => Trial::Misquoted { said },
                None if self.judged >= RUNS => Trial::Escaped { attacked: self.attacked },
                None => Trial::Skipped(
                    "the machine stalled too often to judge claims about time".to_owned(),
                ),
            },
        };
        let name = &self.planted.flaw.name;
        let flawed = |(proof, outputs): (&Proof, Vec<_>)| {
            (proof.path.clone(), Flawed { name: name.clone(), outputs })
        };
        let printed = self.planted.proofs.iter().zip(self.outputs);
        (trial, printed.filter(|(_, outputs)| !outputs.is_empty()).map(flawed).collect())
    }
}
