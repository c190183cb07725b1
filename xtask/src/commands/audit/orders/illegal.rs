//! A run that is not legal, and the command that shows it again.

use explorer::Outcome;
use runner::Direction;

use crate::cli::Memory;
use crate::drawing::width;
use crate::judgement::Judgement;
use crate::schedules::{command, outcome};
use crate::search::FirstFault;
use crate::steps;
use crate::terminal::indented;

/// The margin of the report.
pub(super) const MARGIN: usize = 4;

/// A run of a scene that is not legal.
pub(super) struct Illegal {
    /// Why it is not.
    report: String,
    /// The command that shows it again.
    again: String,
}

impl Illegal {
    /// A run that could be steered like this. `scene` is its name, and whether it also has an explored program.
    pub(super) fn directed(
        scene: (&str, bool),
        direction: &Direction,
        fault: &FirstFault,
    ) -> Option<Self> {
        let Judgement::Failed(failure) = &fault.directed.judgement else { return None };
        let report = failure.report(width().saturating_sub(MARGIN));
        Some(Self { report, again: steps::command(scene, direction, &fault.choices) })
    }

    /// A schedule of the explored program, with what it prints.
    pub(super) fn explored(scene: &str, outcome: &Outcome, fault: &str) -> Self {
        let lines = outcome.output.lines().map(str::to_owned).chain(outcome::notes(outcome));
        let lines: Vec<String> = lines.map(|line| format!("    {line}")).collect();
        let choices = outcome.replay.iter().map(|choice| *choice as usize);
        Self {
            report: format!("{fault}\n{}", lines.join("\n")),
            again: command(scene, Memory::Sequential, choices, &[]),
        }
    }

    /// The lines of the report.
    pub(super) fn details(&self) -> Vec<String> {
        vec![indented(&self.report), indented(&format!("again: {}", self.again))]
    }
}
