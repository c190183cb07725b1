//! Values for holes, from which outputs are made.

use fastrand::Rng;

use super::solve::{decimal, solve};
use crate::model::{Comparison, Kind, Number, Rule, Term, Transcript, Variable};

/// How often all values are drawn until the rules that compare them hold.
const MOST_DRAWS: usize = 20;

/// For each variable, a value that reads well and is the same in every run.
pub(crate) fn neutral_values(transcript: &Transcript) -> Vec<String> {
    let mut pid = 99;
    let bound = |index, variable: &Variable| limit(variable).or_else(|| least(transcript, index));
    let value = |(index, variable): (usize, &Variable)| match &variable.kind {
        Kind::Pid | Kind::Tid => {
            pid += 1;
            i64::to_string(&pid)
        }
        Kind::Word => variable.name.trim_start_matches(':').to_owned(),
        Kind::Text => format!("some {}", variable.name.trim_start_matches(':')),
        Kind::Own(own) => (own.example)(index as u64),
        Kind::Range(from, _) => from.to_string(),
        Kind::Int => bound(index, variable).unwrap_or(Number::from(42)).to_string(),
        Kind::Secs => decimal(bound(index, variable).unwrap_or(Number::from(1))),
    };
    transcript.variables.iter().enumerate().map(value).collect()
}

/// The least value that a rule such as `finally {t} >= 3` demands of this variable.
fn least(transcript: &Transcript, variable: usize) -> Option<Number> {
    let bound = |rule: &Rule| match (&rule.left[..], rule.comparison, &rule.right[..]) {
        ([(1, Term::Variable(index))], Comparison::AtLeast, [(1, Term::Number(number))]) => {
            (*index == variable).then_some(*number)
        }
        _ => None,
    };
    transcript.rules.iter().find_map(bound)
}

/// The value closest to the bound that keeps it; for an `int`, a whole number near it.
fn limit(variable: &Variable) -> Option<Number> {
    let whole = variable.kind == Kind::Int;
    let step = if whole { Number::from(1) } else { "0.1".parse().expect("a number") };
    variable.bound.map(|bound| {
        let floor = if whole { bound.limit.floor() } else { bound.limit };
        let up = if floor < bound.limit { floor + step } else { floor };
        match bound.comparison {
            Comparison::Below => up - step,
            Comparison::Above => floor + step,
            Comparison::AtLeast => up,
            Comparison::AtMost | Comparison::Equal => floor,
        }
    })
}

/// For each variable, a random value within its bound, so that the rules that compare variables hold.
pub(crate) fn random_values(transcript: &Transcript, rng: &mut Rng) -> Option<Vec<String>> {
    (0..MOST_DRAWS).find_map(|_| {
        let mut pids: Vec<u32> = Vec::new();
        let mut draw = |variable: &Variable| {
            let base = limit(variable);
            let up = !variable
                .bound
                .is_some_and(|b| matches!(b.comparison, Comparison::AtMost | Comparison::Below));
            let fixed = variable.bound.is_some_and(|b| b.comparison == Comparison::Equal);
            match &variable.kind {
                Kind::Pid | Kind::Tid => loop {
                    let pid = rng.u32(2..4_194_304);
                    if !pids.contains(&pid) {
                        pids.push(pid);
                        return pid.to_string();
                    }
                },
                Kind::Word => (0..6).map(|_| rng.lowercase()).collect(),
                Kind::Text => (0..6).map(|n| if n == 3 { ' ' } else { rng.lowercase() }).collect(),
                Kind::Own(own) => (own.example)(rng.u64(..)),
                Kind::Range(from, to) => rng.i64(*from..=*to).to_string(),
                Kind::Int => {
                    let away = if fixed { 0 } else { rng.i64(0..1_000) };
                    let away = Number::from(if up { away } else { -away });
                    (base.unwrap_or_default() + away).to_string()
                }
                Kind::Secs => {
                    let away = if fixed { 0 } else { rng.i64(0..30) };
                    let tenth: Number = "0.1".parse().expect("a number");
                    let away = tenth.times(if up { away } else { -away });
                    decimal((base.unwrap_or(Number::from(1)) + away).max(Number::default()))
                }
            }
        };
        let mut values: Vec<String> = transcript.variables.iter().map(&mut draw).collect();
        solve(transcript, &mut values, None, rng).then_some(values)
    })
}
