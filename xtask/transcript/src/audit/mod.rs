//! Is a transcript as strict as it looks?
//!
//! An audit changes the transcript, not the output. It leaves out one element at a time. If the transcript then accepts
//! no flawed program and no further output, the element may not say what its author meant.

mod weakening;

use std::fmt;

pub use weakening::{Effect, Weakening};

use crate::budget::Budget;
use crate::judge::{Sightings, Timing, Verdict};
use crate::model::{Constraint, ConstraintKind, Transcript};

/// What a program with a flaw printed, run by run.
#[derive(Debug, Clone)]
pub struct Flawed {
    /// The flaw's name.
    pub name: String,
    /// The outputs of its runs, and whether claims about time are judged in each.
    pub outputs: Vec<(String, Timing)>,
}

/// What flawed programs show about a transcript. Displayed in lines: the flaws that pass, and the constraints that no
/// flaw breaks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Audit {
    /// The flaws that pass: the whole transcript rejects none of their outputs, and they satisfy each `seen` rule or
    /// have too few outputs for it.
    pub passing: Vec<String>,
    /// What the flaws show about each constraint, in the order of the file.
    pub constraints: Vec<Audited>,
}

/// What flawed programs show about one constraint.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Audited {
    /// The constraint.
    pub constraint: Constraint,
    /// The flaws that break it in at least one run.
    pub broken_by: Vec<String>,
    /// The flaws that would pass without it: nothing else catches them.
    pub lets_through: Vec<String>,
}

impl Transcript {
    /// Judges what flawed programs printed by this transcript, and by this transcript without each of its constraints.
    ///
    /// ```
    /// use transcript::{Flawed, Timing, Transcript};
    ///
    /// let text = "child | works\nchild -> parent\nparent | has waited\n";
    /// let transcript = Transcript::parse("wait.txt", text)?;
    /// let output = "has waited\nworks\n".to_owned();
    /// let flaw = Flawed { name: "late-wait".to_owned(), outputs: vec![(output, Timing::Judged)] };
    /// let audit = transcript.audit(&[flaw]);
    /// assert_eq!(audit.constraints[0].lets_through, ["late-wait"]);
    /// assert_eq!(audit.to_string(), "1 of 1 arrows has a flaw that breaks it");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn audit(&self, flaws: &[Flawed]) -> Audit {
        self.audit_within(flaws, &Budget::default())
    }

    /// The same, with a budget of this size for each verdict.
    ///
    /// ```
    /// use transcript::{Budget, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | one\na -> b\nb | two\n")?;
    /// let audit = transcript.audit_within(&[], &Budget::default());
    /// assert!(audit.constraints[0].broken_by.is_empty());
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn audit_within(&self, flaws: &[Flawed], budget: &Budget<'_>) -> Audit {
        let judge = |transcript: &Transcript, (output, timing): &(String, Timing)| {
            budget.part(1, |budget| transcript.judge_within(output, *timing, budget))
        };
        // The `seen` rules that the flaw's legal runs never satisfy, and whether all its runs are legal.
        let unseen = |transcript: &Transcript, flaw: &Flawed| {
            let mut sightings = Sightings::default();
            for run in &flaw.outputs {
                if let Verdict::Accepted(accepted) = judge(transcript, run) {
                    sightings.add(&accepted);
                }
            }
            (transcript.unseen(&sightings), sightings.runs() as usize == flaw.outputs.len())
        };
        let passes = |transcript: &Transcript, flaw: &Flawed| {
            matches!(unseen(transcript, flaw), (None, true))
        };
        let names = |flaws: &[&Flawed]| -> Vec<String> {
            flaws.iter().map(|flaw| flaw.name.clone()).collect()
        };
        let (passing, caught): (Vec<&Flawed>, Vec<&Flawed>) =
            flaws.iter().partition(|flaw| passes(self, flaw));
        let broken: Vec<Vec<Constraint>> = caught
            .iter()
            .map(|flaw| {
                let broken = flaw.outputs.iter().filter_map(|run| match judge(self, run) {
                    Verdict::Rejected(rejected) => Some(rejected.broken().to_vec()),
                    _ => None,
                });
                let unseen = unseen(self, flaw).0.into_iter();
                broken.flatten().chain(unseen.flat_map(|unseen| unseen.broken().to_vec())).collect()
            })
            .collect();
        let audited = |weakening: Weakening| {
            let breaks = |(flaw, broken): (&&Flawed, &Vec<Constraint>)| {
                broken.contains(&weakening.constraint).then(|| flaw.name.clone())
            };
            let slips = |flaw: &&Flawed| passes(&weakening.transcript, flaw);
            let through: Vec<&Flawed> = caught.iter().copied().filter(slips).collect();
            Audited {
                broken_by: caught.iter().zip(&broken).filter_map(breaks).collect(),
                lets_through: names(&through),
                constraint: weakening.constraint,
            }
        };
        Audit {
            passing: names(&passing),
            constraints: self.weakenings().into_iter().map(audited).collect(),
        }
    }
}

impl Audit {
    /// The number of arrows and barriers, and how many of them a flaw breaks.
    ///
    /// ```
    /// let transcript = transcript::Transcript::parse("demo.txt", "a | one\na -> b\nb | two\n")?;
    /// assert_eq!(transcript.audit(&[]).arrows(), (1, 0));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn arrows(&self) -> (usize, usize) {
        let is_arrow = |audited: &&Audited| audited.constraint.kind == ConstraintKind::Arrow;
        let arrows = self.constraints.iter().filter(is_arrow);
        let broken = arrows.clone().filter(|audited| !audited.broken_by.is_empty());
        (arrows.count(), broken.count())
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (arrows, broken) = self.arrows();
        match (arrows, broken) {
            (0, _) => write!(out, "no arrows")?,
            (_, 1) => write!(out, "1 of {arrows} arrows has a flaw that breaks it")?,
            _ => write!(out, "{broken} of {arrows} arrows have a flaw that breaks them")?,
        }
        for flaw in &self.passing {
            write!(out, "\nflaw {flaw} passes")?;
        }
        for audited in self.constraints.iter().filter(|audited| audited.broken_by.is_empty()) {
            write!(out, "\nno flaw breaks {}", audited.constraint)?;
        }
        Ok(())
    }
}
