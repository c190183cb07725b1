//! Finds values that satisfy the rules that compare them.

use fastrand::Rng;

use crate::model::{Comparison, Kind, Number, Rule, Tally, Term, Transcript, When};

/// How many values are changed before the search gives up.
const MOST_REPAIRS: usize = 200;

/// Whether a rule compares an unforeseeable value at the end.
pub(super) fn asks_for_values(transcript: &Transcript, rule: &Rule) -> bool {
    let ranged = |variable: usize| matches!(transcript.variables[variable].kind, Kind::Range(..));
    rule.when == When::Finally && rule.variables().any(|variable| !ranged(variable))
}

/// Changes one value after the other until the rules that compare them hold. Returns whether they do.
///
/// Without `lines`, rules that count lines are skipped. Rules about ranges, or about each value of a name, are always
/// skipped.
pub(super) fn solve(
    transcript: &Transcript,
    values: &mut [String],
    lines: Option<&[String]>,
    rng: &mut Rng,
) -> bool {
    let sums: Vec<Sum<'_>> = transcript
        .rules
        .iter()
        .filter(|rule| asks_for_values(transcript, rule))
        .filter_map(|rule| Sum::new(transcript, rule, lines))
        .collect();
    for _ in 0..MOST_REPAIRS {
        let broken: Vec<&Sum<'_>> = sums.iter().filter(|sum| !sum.holds(values)).collect();
        let Some(sum) = rng.choice(&broken) else {
            return true;
        };
        let &(factor, variable) = rng.choice(&sum.variables).expect("a rule that asks for values");
        if let Some(value) = sum.repaired(transcript, values, factor, variable) {
            values[variable] = value;
        }
    }
    false
}

/// A rule as a sum that is compared with 0: both sides are brought to the left, and lines are counted.
struct Sum<'t> {
    rule: &'t Rule,
    constant: Number,
    /// Each variable once, with its factor.
    variables: Vec<(i64, usize)>,
}

impl<'t> Sum<'t> {
    fn new(transcript: &Transcript, rule: &'t Rule, lines: Option<&[String]>) -> Option<Sum<'t>> {
        let mut sum = Sum { rule, constant: Number::default(), variables: Vec::new() };
        let right = rule.right.iter().map(|(factor, term)| (-factor, term));
        for (factor, term) in rule.left.iter().map(|(factor, term)| (*factor, term)).chain(right) {
            match term {
                Term::Number(number) => sum.constant = sum.constant + number.times(factor),
                Term::Lines(_) if rule.names.is_empty() => {
                    let count = Number::from(count(rule, term, lines?));
                    sum.constant = sum.constant + count.times(factor);
                }
                Term::Variable(variable)
                    if !matches!(transcript.variables[*variable].kind, Kind::Range(..)) =>
                {
                    match sum.variables.iter_mut().find(|known| known.1 == *variable) {
                        Some(known) => known.0 += factor,
                        None => sum.variables.push((factor, *variable)),
                    }
                }
                _ => return None,
            }
        }
        Some(sum)
    }

    fn difference(&self, values: &[String]) -> Option<Number> {
        self.variables.iter().try_fold(self.constant, |sum, (factor, variable)| {
            Some(sum + values[*variable].parse::<Number>().ok()?.times(*factor))
        })
    }

    fn holds(&self, values: &[String]) -> bool {
        let zero = Number::default();
        self.difference(values).is_none_or(|sum| self.rule.comparison.holds(sum, zero))
    }

    /// A value of `variable` for which the rule holds, if there is one close to the present value.
    fn repaired(
        &self,
        transcript: &Transcript,
        values: &[String],
        factor: i64,
        variable: usize,
    ) -> Option<String> {
        let known = &transcript.variables[variable];
        let step = match known.kind {
            Kind::Int => Number::from(1),
            Kind::Secs => "0.1".parse().ok()?,
            _ => return None,
        };
        let target = match self.rule.comparison {
            Comparison::Below => step.times(-1),
            Comparison::Above => step,
            Comparison::Equal if factor.abs() != 1 => return None,
            _ => Number::default(),
        };
        // With a larger factor the value moves further than needed.
        let change = (target - self.difference(values)?).times(factor.signum());
        let value = values[variable].parse::<Number>().ok()? + change;
        let text = match known.kind {
            Kind::Secs => decimal(value),
            _ => value.to_string(),
        };
        (factor != 0 && known.admits(&text) && known.keeps_bound(&text)).then_some(text)
    }
}

/// How many lines contain a text of a rule.
fn count(rule: &Rule, term: &Term, lines: &[String]) -> i64 {
    let alone = [Rule { left: vec![(1, term.clone())], right: Vec::new(), ..rule.clone() }];
    let mut tally = Tally::new(&alone);
    lines.iter().map(|line| tally.count(0, &alone[0], line).len() as i64).sum()
}

/// The number with at least one digit after the point.
pub(super) fn decimal(value: Number) -> String {
    let text = value.to_string();
    if text.contains('.') { text } else { text + ".0" }
}
