//! What the rules have counted, and whether they hold.

use std::collections::{BTreeMap, BTreeSet};

use super::number::Number;
use super::phrase::captures;
use super::rule::{Factor, Rule, RulePiece, Term, Values, When};
use super::value::Kind;

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

    /// Counts one more line, then judges the `always` rules, which held before the line.
    pub(crate) fn line(&mut self, rules: &[Rule], line: &str) -> Result<(), Broken> {
        for (index, rule) in rules.iter().enumerate() {
            let mut touched = self.count(index, rule, line);
            let Some(constant) = rule.constant(&|_| None).filter(|_| rule.when == When::Always)
            else {
                continue;
            };
            // A rule that does not count the line still holds, unless it failed from the start.
            if !rule.holds(constant) {
                touched = vec![vec![None; rule.names.len()]];
            }
            for values in &touched {
                self.judge(index, rule, values, constant)?;
            }
        }
        Ok(())
    }

    /// Counts one more line for one rule. Returns the values for which the line was counted.
    pub(crate) fn count(&mut self, index: usize, rule: &Rule, line: &str) -> Vec<Values> {
        let mut touched = Vec::new();
        for (factor, pieces) in rule.texts() {
            for values in captures(pieces, &rule.names, line) {
                *self.0[index].entry(values.clone()).or_default() += factor;
                touched.push(values);
            }
        }
        touched
    }

    /// Judges the `finally` rules. A rule that mentions a variable without a value is skipped.
    pub(crate) fn end(
        &self,
        rules: &[Rule],
        value: impl Fn(usize) -> Option<Number>,
    ) -> Result<(), Broken> {
        for (index, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.when == When::Finally)
        {
            if let Some(constant) = rule.constant(&value) {
                self.judge(index, rule, &vec![None; rule.names.len()], constant)?;
            }
        }
        Ok(())
    }

    /// Whether the lines show what a rule asks for. If not, the values for which the rule does not hold; none if the
    /// lines have nothing that the rule is about.
    pub(crate) fn shows(
        &self,
        index: usize,
        rule: &Rule,
        value: impl Fn(usize) -> Option<Number>,
    ) -> Result<(), Option<Values>> {
        let constant = rule.constant(&value).ok_or(None)?;
        let nameless = vec![None; rule.names.len()];
        let mut something = false;
        let found =
            rule.each_combination(&self.0[index], &nameless, &mut nameless.clone(), 0, &mut |_| {
                something = true;
                Ok(())
            });
        debug_assert!(found.is_ok(), "nothing is judged there");
        match self.judge(index, rule, &nameless, constant) {
            Err(broken) => Err(Some(broken.values)),
            Ok(()) if something => Ok(()),
            Ok(()) => Err(None),
        }
    }

    /// Judges a rule for each combination of values that agrees with `fixed`.
    fn judge(
        &self,
        index: usize,
        rule: &Rule,
        fixed: &Values,
        constant: Number,
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
            match rule.holds(Number::from(counted) + constant) {
                true => Ok(()),
                false => Err(Broken { rule: index, values: values.clone() }),
            }
        })
    }

    /// If a rule counts only values of ranges, forgets the values whose count is 0 again: a rule judges all values of a
    /// range, seen or not.
    pub(crate) fn forget_zeros(&mut self, rules: &[Rule]) {
        for (counts, rule) in self.0.iter_mut().zip(rules) {
            if rule.names.iter().all(|(_, kind)| matches!(kind, Kind::Range(..))) {
                counts.retain(|_, count| *count != 0);
            }
        }
    }

    /// Replaces every symbol: symbols are renumbered while outputs are counted.
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
    /// Goes through all values for which the rule must hold: the fixed one, all values of a range, or those seen so
    /// far.
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

    /// How a run broke the rule: `"starts" - "finishes" is 4 with w = 1, but must be <= 3`.
    pub(crate) fn explain<'l>(
        &self,
        values: &Values,
        lines: impl Iterator<Item = &'l str>,
        value: impl Fn(usize) -> Option<Number>,
    ) -> String {
        let (left, right) = self.sides(values, lines, value);
        let (left_text, right_text) = self.texts_of_sides();
        let sign = self.comparison.sign();
        let limit =
            if self.is_plain() { right.to_string() } else { format!("{right} ({right_text})") };
        let with = self.turn_and(values).map(|with| format!(" with {with}")).unwrap_or_default();
        format!("{left_text} is {left}{with}, but must be {sign} {limit}")
    }

    /// The sums on both sides: their texts count the lines that agree with `values`.
    pub(crate) fn sides<'l>(
        &self,
        values: &Values,
        lines: impl Iterator<Item = &'l str>,
        value: impl Fn(usize) -> Option<Number>,
    ) -> (Number, Number) {
        let lines: Vec<&str> = lines.collect();
        let count = |pieces: &[RulePiece]| {
            let agrees =
                |found: &Values| found.iter().zip(values).all(|(f, v)| f.is_none() || f == v);
            let counted = |line: &&&str| captures(pieces, &self.names, line).iter().any(agrees);
            Number::from(lines.iter().filter(counted).count() as i64)
        };
        let side = |side: &[(Factor, Term)]| {
            let terms = side.iter().map(|(factor, term)| match term {
                Term::Lines(pieces) => count(pieces).times(*factor),
                Term::Number(number) => number.times(*factor),
                Term::Variable(variable) => value(*variable).unwrap_or_default().times(*factor),
            });
            terms.fold(Number::default(), |sum, term| sum + term)
        };
        (side(&self.left), side(&self.right))
    }

    /// Both sides as written.
    pub(crate) fn texts_of_sides(&self) -> (&str, &str) {
        let (left, right) = self.source.split_at(self.sign_at);
        (left.trim(), right[self.comparison.sign().len()..].trim())
    }

    /// Whether the right side is a number.
    pub(crate) fn is_plain(&self) -> bool {
        self.right.iter().all(|(_, term)| matches!(term, Term::Number(_)))
    }

    /// The constants of the rule's loops, and the values of its names: `i = 1, w = 3`; none if it has neither.
    pub(crate) fn turn_and(&self, values: &Values) -> Option<String> {
        let turn = self.turn.iter().map(|(name, value)| format!("{name} = {value}"));
        let names = self.names.iter().zip(values);
        let names =
            names.filter_map(|((name, _), value)| Some(format!("{name} = {}", value.as_ref()?)));
        let all: Vec<String> = turn.chain(names).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}
