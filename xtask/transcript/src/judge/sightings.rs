//! What several runs have shown of the `seen` rules.

use std::collections::BTreeMap;

use super::sight::Sight;
use super::verdict::{Accepted, Fault, FaultKind, Rejected};
use crate::model::{Number, Transcript};
use crate::text::grouped;

/// What several legal outputs of a program have shown of its transcript's [`seen` rules](Transcript::seen_rules).
///
/// ```
/// use transcript::{Sightings, Timing, Transcript, Verdict};
///
/// let transcript = Transcript::parse("demo.txt", "a | {total:int}\nseen {total} < 10 in 2 runs\n")?;
/// let mut sightings = Sightings::default();
/// for output in ["10\n", "10\n"] {
///     if let Verdict::Accepted(accepted) = transcript.judge(output, Timing::Judged) {
///         sightings.add(&accepted);
///     }
/// }
/// let unseen = transcript.unseen(&sightings).expect("a fault");
/// let report =
///     "UNSEEN  {total} < 10 in none of 2 runs; nearest: {total} was 10 in 2 of 2 (demo.txt:2)";
/// assert_eq!(unseen.to_string(), report);
/// # Ok::<(), transcript::ParseError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Sightings {
    runs: u32,
    /// In the order of the rules; empty before the first run.
    rules: Vec<RuleSightings>,
}

/// What the runs have shown of one rule.
#[derive(Debug, Clone, Default)]
struct RuleSightings {
    satisfied: u32,
    /// What the other runs had instead, the nearest first, and in how many of them it was so.
    others: BTreeMap<(Number, String), u32>,
}

impl Sightings {
    /// Adds a further legal output of the same program.
    ///
    /// ```
    /// use transcript::{Sightings, Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | {total:int}\n")?;
    /// let mut sightings = Sightings::default();
    /// if let Verdict::Accepted(accepted) = transcript.judge("10\n", Timing::Judged) {
    ///     sightings.add(&accepted);
    /// }
    /// assert_eq!(sightings.runs(), 1);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn add(&mut self, accepted: &Accepted) {
        self.runs += 1;
        self.rules.resize_with(accepted.sights.len(), RuleSightings::default);
        for (rule, sight) in self.rules.iter_mut().zip(&accepted.sights) {
            match sight {
                Sight::Satisfied => rule.satisfied += 1,
                Sight::Other { distance, was } => {
                    *rule.others.entry((*distance, was.clone())).or_default() += 1;
                }
                Sight::Nothing => {}
            }
        }
    }

    /// The number of outputs so far.
    ///
    /// ```
    /// assert_eq!(transcript::Sightings::default().runs(), 0);
    /// ```
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// How many of the outputs satisfied the rule with this index.
    ///
    /// ```
    /// assert_eq!(transcript::Sightings::default().satisfied(0), 0);
    /// ```
    pub fn satisfied(&self, rule: usize) -> u32 {
        self.rules.get(rule).map_or(0, |rule| rule.satisfied)
    }

    /// The same without what the runs had instead, unless all of them had the same: then two series of runs with the
    /// same fault read the same.
    ///
    /// ```
    /// assert_eq!(transcript::Sightings::default().neutral().runs(), 0);
    /// ```
    #[must_use]
    pub fn neutral(&self) -> Sightings {
        let mut neutral = self.clone();
        for rule in &mut neutral.rules {
            rule.others.retain(|_, times| *times == self.runs);
        }
        neutral
    }
}

impl Transcript {
    /// The number of further legal runs after which it is known whether each `seen` rule is satisfied: 0 if each of
    /// them is, or has had all its runs.
    ///
    /// ```
    /// use transcript::{Sightings, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | {n:int}\nseen {n} < 10 in 5 runs\n")?;
    /// assert_eq!(transcript.runs_left(&Sightings::default()), 5);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn runs_left(&self, sightings: &Sightings) -> u32 {
        let rules = self.seen.iter().enumerate();
        let open = rules.filter(|(index, _)| sightings.satisfied(*index) == 0);
        open.map(|(_, seen)| seen.runs.saturating_sub(sightings.runs)).max().unwrap_or(0)
    }

    /// The `seen` rules that no run has satisfied although they have had all their runs, as a report; none if there is
    /// no such rule.
    ///
    /// ```
    /// use transcript::{Sightings, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | {n:int}\nseen {n} < 10 in 5 runs\n")?;
    /// assert!(transcript.unseen(&Sightings::default()).is_none());
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn unseen(&self, sightings: &Sightings) -> Option<Rejected> {
        let rules = self.seen.iter().enumerate();
        let unseen = rules.filter(|(index, seen)| {
            sightings.satisfied(*index) == 0 && sightings.runs >= seen.runs
        });
        let (mut faults, mut broken) = (Vec::new(), Vec::new());
        for (index, seen) in unseen {
            let runs = grouped(sightings.runs.into());
            let mut message = format!("{} in none of {runs} runs", seen.condition());
            let nearest = sightings.rules.get(index).and_then(|rule| rule.others.first_key_value());
            if let Some(((_, was), times)) = nearest {
                message += &format!("; nearest: {was} in {} of {runs}", grouped((*times).into()));
            }
            faults.push(Fault::new(FaultKind::Unseen, Vec::new(), Some(seen.line()), &message));
            broken.push(self.seen_constraint(seen.line()));
        }
        broken.dedup();
        let name = self.name.clone();
        (!faults.is_empty()).then_some(Rejected { faults, lanes: Vec::new(), name, broken })
    }
}
