//! Rules: sums over the lines of a run.

use std::collections::{BTreeMap, BTreeSet};

use super::phrase::captures;
use super::{Comparison, Kind};

/// `always "worker {w} starts" - "worker {w} finishes" <= 1`, for each value of `w`.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) line: usize,
    pub(crate) timing: bool,
    pub(crate) when: When,
    pub(crate) left: Vec<(Sign, Term)>,
    pub(crate) comparison: Comparison,
    pub(crate) right: Vec<(Sign, Term)>,
    /// The holes of all its texts.
    pub(crate) names: Vec<(String, Kind)>,
    /// As written.
    pub(crate) source: String,
}

#[derive(Debug, Clone)]
pub(crate) enum Term {
    /// How many lines so far contain this.
    Lines(Vec<RulePiece>),
    Number(f64),
    /// Index into the transcript's variables.
    Variable(usize),
}

#[derive(Debug, Clone)]
pub(crate) enum RulePiece {
    Text(String),
    /// Index into the rule's names.
    Hole(usize),
}

/// +1 or -1.
pub(crate) type Sign = i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    Finally,
}

/// One value for each name of a rule; none where a term does not mention it.
pub(crate) type Values = Vec<Option<String>>;

/// What the rules have counted so far.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Tally(Vec<BTreeMap<Values, i64>>);

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Broken {
    /// Index into the rules.
    pub(crate) rule: usize,
    pub(crate) values: Values,
}

/// Combinations of values that one rule is checked for: more than any course needs, few enough for memory.
const MOST_COMBINATIONS: usize = 10_000;

impl Tally {
    pub(crate) fn new(rules: &[Rule]) -> Tally {
        Tally(vec![BTreeMap::new(); rules.len()])
    }

    /// Counts one more line, then judges what must hold always.
    pub(crate) fn line(&mut self, rules: &[Rule], line: &str) -> Result<(), Broken> {
        for (rule, counts) in rules.iter().zip(&mut self.0) {
            for (sign, pieces) in rule.texts() {
                for values in captures(pieces, &rule.names, line) {
                    *counts.entry(values).or_default() += sign;
                }
            }
        }
        self.judge(rules, When::Always, |_| None)
    }

    /// Judges what must hold at the end; a rule that mentions a variable without a value is passed over.
    pub(crate) fn end(
        &self,
        rules: &[Rule],
        value: impl Fn(usize) -> Option<f64>,
    ) -> Result<(), Broken> {
        self.judge(rules, When::Finally, value)
    }

    fn judge(
        &self,
        rules: &[Rule],
        when: When,
        value: impl Fn(usize) -> Option<f64>,
    ) -> Result<(), Broken> {
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.when == when) {
            let Some(constant) = rule.constant(&value) else {
                continue;
            };
            for values in rule.combinations(&self.0[index]) {
                let agrees = |counted: &Values| {
                    counted.iter().zip(&values).all(|(c, v)| c.is_none() || c == v)
                };
                let counted = self.0[index]
                    .iter()
                    .filter(|(counted, _)| agrees(counted))
                    .map(|(_, n)| n)
                    .sum::<i64>();
                if !rule.comparison.holds(counted as f64 + constant, 0.0) {
                    return Err(Broken { rule: index, values });
                }
            }
        }
        Ok(())
    }

    /// The same with every symbol replaced: symbols are renumbered while outputs are counted.
    pub(crate) fn rename(&mut self, rename: impl Fn(&str) -> String) {
        for counts in &mut self.0 {
            let renamed = std::mem::take(counts).into_iter().map(|(values, count)| {
                (values.into_iter().map(|value| value.map(|value| rename(&value))).collect(), count)
            });
            *counts = renamed.collect();
        }
    }

    /// The values that the rules remember.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(BTreeMap::keys).flatten().flatten().map(String::as_str)
    }
}

impl Rule {
    /// Each text with its sign, both sides brought to the left.
    fn texts(&self) -> impl Iterator<Item = (Sign, &[RulePiece])> {
        let right = self.right.iter().map(|(sign, term)| (-sign, term));
        let terms = self.left.iter().map(|(sign, term)| (*sign, term)).chain(right);
        terms.filter_map(|(sign, term)| match term {
            Term::Lines(pieces) => Some((sign, pieces.as_slice())),
            _ => None,
        })
    }

    /// All that is not counted, both sides brought to the left.
    fn constant(&self, value: &impl Fn(usize) -> Option<f64>) -> Option<f64> {
        Some(constant(&self.left, value)? - constant(&self.right, value)?)
    }

    /// For a rule that compares variables alone: whether it holds, or cannot be judged for want of a value.
    pub(crate) fn holds_for(&self, value: impl Fn(usize) -> Option<f64>) -> bool {
        let judged = self.texts().next().is_none() && self.when == When::Finally;
        !judged
            || self.constant(&value).is_none_or(|difference| self.comparison.holds(difference, 0.0))
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = usize> {
        self.left.iter().chain(&self.right).filter_map(|(_, term)| match term {
            Term::Variable(variable) => Some(*variable),
            _ => None,
        })
    }

    /// All values for which the rule must hold: all of a range, otherwise those seen so far.
    fn combinations(&self, counts: &BTreeMap<Values, i64>) -> Vec<Values> {
        let mut combinations = vec![Values::new()];
        for (index, (_, kind)) in self.names.iter().enumerate() {
            let domain: BTreeSet<String> = match kind {
                Kind::Range(from, to) => (*from..=*to).map(|n| n.to_string()).collect(),
                _ => counts.keys().filter_map(|values| values[index].clone()).collect(),
            };
            let extended = combinations.iter().flat_map(|head| {
                domain
                    .iter()
                    .map(|value| head.iter().cloned().chain([Some(value.clone())]).collect())
            });
            combinations = extended.take(MOST_COMBINATIONS).collect();
        }
        combinations
    }

    /// What a run made of a broken rule: `"starts" - "finishes" is 4 with w = 1, but must be <= 3`.
    pub(crate) fn explain<'l>(
        &self,
        values: &Values,
        lines: impl Iterator<Item = &'l str>,
        value: impl Fn(usize) -> Option<f64>,
    ) -> String {
        let lines: Vec<&str> = lines.collect();
        let count = |pieces: &[RulePiece]| {
            let agrees =
                |found: &Values| found.iter().zip(values).all(|(f, v)| f.is_none() || f == v);
            lines
                .iter()
                .filter(|line| captures(pieces, &self.names, line).iter().any(agrees))
                .count() as f64
        };
        let side = |side: &[(Sign, Term)]| {
            let terms = side.iter().map(|(sign, term)| {
                *sign as f64
                    * match term {
                        Term::Lines(pieces) => count(pieces),
                        Term::Number(number) => *number,
                        Term::Variable(variable) => value(*variable).unwrap_or(f64::NAN),
                    }
            });
            // Binary fractions of printed decimals: 0.30000000000000004 is 0.3.
            (terms.sum::<f64>() * 1e6).round() / 1e6
        };
        let sign = self.comparison.sign();
        let (left_text, right_text) = self.source.split_once(sign).unwrap_or((&self.source, ""));
        let (left_text, right_text) = (left_text.trim(), right_text.trim());
        let mut names = self
            .names
            .iter()
            .zip(values)
            .filter_map(|((name, _), value)| Some(format!("{name} = {}", value.as_ref()?)));
        let with = names
            .next()
            .map(|first| names.fold(format!(" with {first}"), |all, name| all + ", " + &name));
        let plain = self.right.iter().all(|(_, term)| matches!(term, Term::Number(_)));
        let (left, right) = (side(&self.left), side(&self.right));
        let limit = if plain { right.to_string() } else { format!("{right} ({right_text})") };
        format!("{left_text} is {left}{}, but must be {sign} {limit}", with.unwrap_or_default())
    }
}

fn constant(side: &[(Sign, Term)], value: &impl Fn(usize) -> Option<f64>) -> Option<f64> {
    side.iter().try_fold(0.0, |sum, (sign, term)| {
        let term = match term {
            Term::Lines(_) => 0.0,
            Term::Number(number) => *number,
            Term::Variable(variable) => value(*variable)?,
        };
        Some(sum + *sign as f64 * term)
    })
}
