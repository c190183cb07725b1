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
    /// Where the comparison stands in it.
    pub(crate) sign_at: usize,
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

impl Tally {
    pub(crate) fn new(rules: &[Rule]) -> Tally {
        Tally(vec![BTreeMap::new(); rules.len()])
    }

    /// Counts one more line, then judges what must hold always; it held before the line.
    pub(crate) fn line(&mut self, rules: &[Rule], line: &str) -> Result<(), Broken> {
        for (index, rule) in rules.iter().enumerate() {
            let mut touched = self.count(index, rule, line);
            let Some(constant) = rule.constant(&|_| None).filter(|_| rule.when == When::Always)
            else {
                continue;
            };
            // What the line did not touch holds as before, unless not even a count of nothing does.
            if !rule.comparison.holds(constant, 0.0) {
                touched = vec![vec![None; rule.names.len()]];
            }
            for values in &touched {
                self.judge(index, rule, values, constant)?;
            }
        }
        Ok(())
    }

    /// Counts one more line for one rule, and returns the values that it was counted for.
    pub(crate) fn count(&mut self, index: usize, rule: &Rule, line: &str) -> Vec<Values> {
        let mut touched = Vec::new();
        for (sign, pieces) in rule.texts() {
            for values in captures(pieces, &rule.names, line) {
                *self.0[index].entry(values.clone()).or_default() += sign;
                touched.push(values);
            }
        }
        touched
    }

    /// Judges what must hold at the end; a rule that mentions a variable without a value is passed over.
    pub(crate) fn end(
        &self,
        rules: &[Rule],
        value: impl Fn(usize) -> Option<f64>,
    ) -> Result<(), Broken> {
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.when == When::Finally)
        {
            if let Some(constant) = rule.constant(&value) {
                self.judge(index, rule, &vec![None; rule.names.len()], constant)?;
            }
        }
        Ok(())
    }

    /// Judges a rule for each combination of values that agrees with `fixed`.
    fn judge(
        &self,
        index: usize,
        rule: &Rule,
        fixed: &Values,
        constant: f64,
    ) -> Result<(), Broken> {
        let counts = &self.0[index];
        let masks = rule.masks();
        let mut values = fixed.clone();
        rule.each_combination(counts, fixed, &mut values, 0, &mut |values| {
            let count = |mask: &Vec<bool>| {
                let named = values.iter().zip(mask);
                let key: Values =
                    named.map(|(value, named)| value.clone().filter(|_| *named)).collect();
                counts.get(&key).copied().unwrap_or_default()
            };
            let counted: i64 = masks.iter().map(count).sum();
            match rule.comparison.holds(counted as f64 + constant, 0.0) {
                true => Ok(()),
                false => Err(Broken { rule: index, values: values.clone() }),
            }
        })
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

    /// Which names the texts mention: one set for all texts that mention the same.
    fn masks(&self) -> BTreeSet<Vec<bool>> {
        let mask = |(_, pieces): (Sign, &[RulePiece])| {
            let mentions = |name| {
                pieces.iter().any(|piece| matches!(piece, RulePiece::Hole(hole) if *hole == name))
            };
            (0..self.names.len()).map(mentions).collect()
        };
        self.texts().map(mask).collect()
    }

    /// Goes through all values for which the rule must hold: what is fixed, else all of a range or those seen so far.
    fn each_combination(
        &self,
        counts: &BTreeMap<Values, i64>,
        fixed: &Values,
        values: &mut Values,
        name: usize,
        judge: &mut impl FnMut(&Values) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let Some((_, kind)) = self.names.get(name) else {
            return judge(values);
        };
        let domain: BTreeSet<String> = match (&fixed[name], kind) {
            (Some(value), _) => BTreeSet::from([value.clone()]),
            (None, Kind::Range(from, to)) => (*from..=*to).map(|n| n.to_string()).collect(),
            _ => counts.keys().filter_map(|values| values[name].clone()).collect(),
        };
        for value in domain {
            values[name] = Some(value);
            self.each_combination(counts, fixed, values, name + 1, judge)?;
        }
        Ok(())
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
        let (left_text, right_text) = self.source.split_at(self.sign_at);
        let (left_text, right_text) = (left_text.trim(), right_text[sign.len()..].trim());
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
