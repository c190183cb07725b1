//! A transcript without one of its elements, and what the loss changes.

use std::fmt;

use crate::budget::Budget;
use crate::legal::Count;
use crate::model::{Constraint, ConstraintKind, Kind, Rule, Transcript};

/// A transcript without one of its constraints: it accepts everything that the whole one accepts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Weakening {
    /// What is left out.
    pub constraint: Constraint,
    /// The transcript without it.
    pub transcript: Transcript,
    /// Whether the order of the events is the same without it.
    same_order: bool,
    /// Whether the constraint is about values that a count does not tell apart.
    about_values: bool,
    /// For each turn of a `seen` rule, the transcript of which every output satisfies it.
    satisfying: Vec<Transcript>,
}

/// What the loss of a constraint changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// The number of legal outputs grows.
    Changes {
        /// The number with the constraint.
        from: Count,
        /// The number without it.
        to: Count,
    },
    /// The number stays the same. The values may differ, but a count does not tell values apart.
    Values,
    /// The number stays the same, since a `seen` rule forbids no single output. This number of outputs satisfies it.
    Runs {
        /// The number of outputs that satisfy the rule.
        satisfying: Count,
        /// The number of legal outputs.
        of: Count,
    },
    /// Neither the number nor the values change: the constraint says nothing.
    Same,
    /// Counting took too long.
    Uncounted,
}

impl fmt::Display for Effect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Changes { from, to } => {
                write!(out, "legal outputs: {from} with it, {to} without")
            }
            Effect::Values => write!(out, "the same number of orders without it, but other values"),
            Effect::Runs { satisfying, of } => {
                write!(out, "legal outputs: {satisfying} of {of} satisfy it")
            }
            Effect::Same => write!(out, "nothing changes without it"),
            Effect::Uncounted => write!(out, "counting what it changes takes too long"),
        }
    }
}

/// Displayed as `without the arrow child -> parent, line 7`.
impl fmt::Display for Weakening {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "without {}", self.constraint)
    }
}

impl Transcript {
    /// The transcript without each of its [constraints](Transcript::constraints) in turn.
    ///
    /// ```
    /// use transcript::{Budget, Count, Effect, Transcript};
    ///
    /// let text = "a | left\na -> b\nb | right\n";
    /// let transcript = Transcript::parse("demo.txt", text)?;
    /// let [weakening] = transcript.weakenings().try_into().expect("one constraint");
    /// assert_eq!(weakening.to_string(), "without the arrow a -> b, line 2");
    /// let effect = weakening.effect(transcript.count(), &Budget::default());
    /// assert_eq!(effect, Effect::Changes { from: Count::Exactly(1), to: Count::Exactly(2) });
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn weakenings(&self) -> Vec<Weakening> {
        let without = |constraint: Constraint| {
            let transcript = self.without(&constraint);
            Weakening {
                same_order: self.order.needs == transcript.order.needs,
                about_values: self.about_values(&constraint),
                satisfying: self.satisfying(&constraint),
                transcript,
                constraint,
            }
        };
        self.constraints().into_iter().map(without).collect()
    }

    /// Whether a constraint is about values that a count does not tell apart.
    fn about_values(&self, constraint: &Constraint) -> bool {
        let ranged = |variable: usize| matches!(self.variables[variable].kind, Kind::Range(..));
        match constraint.kind {
            ConstraintKind::Arrow => false,
            ConstraintKind::Rule | ConstraintKind::Seen => {
                let rules = self.all_rules().filter(|rule| rule.line == constraint.line);
                rules.flat_map(Rule::variables).any(|variable| !ranged(variable))
            }
            ConstraintKind::Bound | ConstraintKind::Name => true,
        }
    }

    fn satisfying(&self, constraint: &Constraint) -> Vec<Transcript> {
        if constraint.kind != ConstraintKind::Seen {
            return Vec::new();
        }
        let turns = self.seen.iter().filter(|seen| seen.line() == constraint.line);
        turns.map(|seen| self.demanding(&seen.rule)).collect()
    }
}

impl Weakening {
    /// What leaving out the constraint changes. `whole` is the count of the whole transcript, `budget` is for counting.
    ///
    /// ```
    /// use transcript::{Budget, Count, Effect, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | one\na -> b\nb | two\n")?;
    /// let without_arrow = &transcript.weakenings()[0];
    /// let effect = without_arrow.effect(transcript.count(), &Budget::default());
    /// let (from, to) = (Count::Exactly(1), Count::Exactly(2));
    /// assert!(matches!(effect, Effect::Changes { from: f, to: t } if (f, t) == (from, to)));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn effect(&self, whole: Count, budget: &Budget<'_>) -> Effect {
        if self.constraint.kind == ConstraintKind::Arrow && self.same_order {
            return Effect::Same;
        }
        if self.constraint.kind == ConstraintKind::Seen {
            return self.runs(whole, budget);
        }
        match (whole, self.transcript.count_within(budget)) {
            (Count::Exactly(from), Count::Exactly(to)) if from == to && self.about_values => {
                Effect::Values
            }
            (Count::Exactly(from), Count::Exactly(to)) if from == to => Effect::Same,
            (from @ Count::Exactly(_), to @ (Count::Exactly(_) | Count::Overflow)) => {
                Effect::Changes { from, to }
            }
            _ => Effect::Uncounted,
        }
    }

    /// What the loss of a `seen` rule changes: nothing if every output satisfies it.
    fn runs(&self, whole: Count, budget: &Budget<'_>) -> Effect {
        let effect = |transcript: &Transcript| match (whole, transcript.count_within(budget)) {
            (Count::Exactly(of), Count::Exactly(satisfying)) if of != satisfying => {
                Effect::Runs { satisfying: Count::Exactly(satisfying), of: whole }
            }
            (of @ Count::Overflow, satisfying @ Count::Exactly(_)) => {
                Effect::Runs { satisfying, of }
            }
            (Count::Exactly(_), Count::Exactly(_)) if self.about_values => Effect::Values,
            (Count::Exactly(_), Count::Exactly(_)) => Effect::Same,
            _ => Effect::Uncounted,
        };
        let mut effects = self.satisfying.iter().map(effect);
        effects.find(|effect| *effect != Effect::Same).unwrap_or(Effect::Same)
    }
}
