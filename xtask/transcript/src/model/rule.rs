//! Rules: sums over the lines of a run.

use std::collections::BTreeSet;

use super::number::Number;
use super::value::{Comparison, Kind};

/// `always "worker {w} starts" - "worker {w} finishes" <= 1`, for each value of `w`.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) line: usize,
    pub(crate) timing: bool,
    pub(crate) when: When,
    pub(crate) left: Vec<(Factor, Term)>,
    pub(crate) comparison: Comparison,
    pub(crate) right: Vec<(Factor, Term)>,
    /// The holes of all its texts.
    pub(crate) names: Vec<(String, Kind)>,
    /// The loop constants that its texts mention, with their values in this turn.
    pub(crate) turn: Vec<(String, i64)>,
    /// As written.
    pub(crate) source: String,
    /// The place of the comparison in it.
    pub(crate) sign_at: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    /// How many lines so far contain this.
    Lines(Vec<RulePiece>),
    Number(Number),
    /// Index into the transcript's variables.
    Variable(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RulePiece {
    Text(String),
    /// Index into the rule's names.
    Hole(usize),
}

/// How often a term counts; negative after a minus sign.
pub(crate) type Factor = i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    Finally,
}

/// A value for each name of a rule; none if a term does not mention the name.
pub(crate) type Values = Vec<Option<String>>;

impl Rule {
    /// Each text with its factor, with both sides brought to the left.
    pub(super) fn texts(&self) -> impl Iterator<Item = (Factor, &[RulePiece])> {
        let right = self.right.iter().map(|(factor, term)| (-factor, term));
        let terms = self.left.iter().map(|(factor, term)| (*factor, term)).chain(right);
        terms.filter_map(|(factor, term)| match term {
            Term::Lines(pieces) => Some((factor, pieces.as_slice())),
            _ => None,
        })
    }

    /// Each text, from left to right.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = &[RulePiece]> {
        self.texts().map(|(_, pieces)| pieces)
    }

    /// A text with its holes by name.
    pub(crate) fn shown(&self, text: &[RulePiece]) -> String {
        let piece = |piece: &RulePiece| match piece {
            RulePiece::Text(text) => text.clone(),
            RulePiece::Hole(name) => format!("{{{}}}", self.names[*name].0),
        };
        text.iter().map(piece).collect()
    }

    /// The sum of everything that is not counted, with both sides brought to the left.
    pub(super) fn constant(&self, value: &impl Fn(usize) -> Option<Number>) -> Option<Number> {
        Some(constant(&self.left, value)? - constant(&self.right, value)?)
    }

    /// Whether the comparison holds for the difference of both sides.
    pub(super) fn holds(&self, difference: Number) -> bool {
        self.comparison.holds(difference, Number::default())
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = usize> {
        self.left.iter().chain(&self.right).filter_map(|(_, term)| match term {
            Term::Variable(variable) => Some(*variable),
            _ => None,
        })
    }

    /// Which names the texts mention: one set for all texts that mention the same names.
    pub(super) fn masks(&self) -> BTreeSet<Vec<bool>> {
        let mask = |(_, pieces): (Factor, &[RulePiece])| {
            let mentions = |name| {
                pieces.iter().any(|piece| matches!(piece, RulePiece::Hole(hole) if *hole == name))
            };
            (0..self.names.len()).map(mentions).collect()
        };
        self.texts().map(mask).collect()
    }
}

/// The sum of everything on one side that is not counted.
fn constant(side: &[(Factor, Term)], value: &impl Fn(usize) -> Option<Number>) -> Option<Number> {
    side.iter().try_fold(Number::default(), |sum, (factor, term)| {
        let term = match term {
            Term::Lines(_) => Number::default(),
            Term::Number(number) => *number,
            Term::Variable(variable) => value(*variable)?,
        };
        Some(sum + term.times(*factor))
    })
}
