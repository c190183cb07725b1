//! What every schedule of a subject's explored program has shown.

use std::collections::BTreeSet;

use explorer::{Incomplete, Limits, Outcome};
use transcript::Transcript;

use crate::cli::Memory;
use crate::exit::Result;
use crate::schedules::outcome::{judge, notes};
use crate::schedules::{Explorer, command};
use crate::terminal::counted_many;

/// What the schedules of a program have shown.
#[derive(Debug)]
pub(super) struct Schedules {
    pub(super) number: u128,
    /// Why these are not all schedules, if they are not.
    incomplete: Option<Incomplete>,
    /// The shapes of the legal outcomes.
    pub(super) shapes: BTreeSet<Vec<String>>,
    pub(super) broken: Option<Broken>,
}

/// What is wrong with a program.
#[derive(Debug)]
pub(super) enum Broken {
    /// It does not compile with the std of the explorer.
    NotCompiled(String),
    /// A schedule whose outcome is not legal.
    Schedule {
        /// What it prints, and what happens apart from that.
        lines: Vec<String>,
        fault: String,
        /// The command that shows it step by step.
        replay: String,
    },
}

impl Schedules {
    /// Plays every schedule, and judges each outcome by the transcript.
    ///
    /// # Errors
    ///
    /// The program cannot be played to its end.
    pub(super) fn play(explorer: &Explorer, transcript: &Transcript) -> Result<Self> {
        let report = explorer.explore(Limits::default())?;
        let mut shapes = BTreeSet::new();
        let mut broken = None;
        for outcome in &report.outcomes {
            match judge(transcript, outcome) {
                Ok(shape) => _ = shapes.insert(shape),
                Err(_) if broken.is_some() => {}
                Err(fault) => broken = Some(Broken::schedule(explorer.scene(), outcome, fault)),
            }
        }
        Ok(Self { number: report.schedules, incomplete: report.incomplete, shapes, broken })
    }

    /// Of a program that does not compile with the std of the explorer.
    pub(super) fn not_compiled(errors: String) -> Self {
        let broken = Some(Broken::NotCompiled(errors));
        Self { number: 0, incomplete: None, shapes: BTreeSet::new(), broken }
    }

    /// Whether every schedule was played.
    pub(super) fn are_all(&self) -> bool {
        self.incomplete.is_none()
    }

    /// `all 12,870 schedules`, or `stopped after 20,000,000 schedules`.
    pub(super) fn shown(&self) -> String {
        let number = counted_many(self.number, "schedule");
        match self.incomplete {
            None if self.number == 1 => "the only schedule".to_owned(),
            None => format!("all {number}"),
            Some(Incomplete::Schedules | Incomplete::Time) => format!("stopped after {number}"),
            Some(Incomplete::Steps) => format!("{number}, some of them cut off"),
        }
    }
}

impl Broken {
    fn schedule(scene: &str, outcome: &Outcome, fault: String) -> Self {
        let lines = outcome.output.lines().map(str::to_owned);
        let choices = outcome.replay.iter().map(|choice| *choice as usize);
        Self::Schedule {
            lines: lines.chain(notes(outcome)).collect(),
            fault,
            // Without options a replay takes the same sizes by itself.
            replay: command(scene, Memory::Sequential, choices, &[]),
        }
    }
}
