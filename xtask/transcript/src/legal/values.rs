//! Values for holes, to make outputs with.

use fastrand::Rng;

use crate::model::{Comparison, Kind, Rule, Term, Transcript, Variable};

/// Draws of all values together, until the rules that compare them hold.
const MOST_DRAWS: usize = 1_000;

/// For each variable a value that reads well and is the same in every run.
pub(crate) fn neutral_values(transcript: &Transcript) -> Vec<String> {
    let mut pid = 99;
    let bound = |index, variable: &Variable| limit(variable).or_else(|| least(transcript, index));
    let value = |(index, variable): (usize, &Variable)| match variable.kind {
        Kind::Pid | Kind::Tid => {
            pid += 1;
            i64::to_string(&pid)
        }
        Kind::Word => variable.name.clone(),
        Kind::Range(from, _) => from.to_string(),
        Kind::Int => (bound(index, variable).unwrap_or(42.0) as i64).to_string(),
        Kind::Secs => decimal(bound(index, variable).unwrap_or(1.0)),
    };
    transcript.variables.iter().enumerate().map(value).collect()
}

/// What a rule such as `finally {t} >= 3` says of this variable.
fn least(transcript: &Transcript, variable: usize) -> Option<f64> {
    let bound = |rule: &Rule| match (&rule.left[..], rule.comparison, &rule.right[..]) {
        ([(_, Term::Variable(index))], Comparison::AtLeast, [(_, Term::Number(number))]) => {
            (*index == variable).then_some(*number)
        }
        _ => None,
    };
    transcript.rules.iter().find_map(bound)
}

/// The closest value that keeps the bound.
fn limit(variable: &Variable) -> Option<f64> {
    let step = if variable.kind == Kind::Int { 1.0 } else { 0.1 };
    variable.bound.map(|bound| match bound.comparison {
        Comparison::Below => bound.limit - step,
        _ => bound.limit,
    })
}

fn decimal(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.1}")
    } else {
        format!("{}", (value * 1e6).round() / 1e6)
    }
}

/// For each variable a value within its bound, such that the rules that compare variables hold.
pub(crate) fn random_values(transcript: &Transcript, rng: &mut Rng) -> Option<Vec<String>> {
    (0..MOST_DRAWS).find_map(|_| {
        let mut pids: Vec<u32> = Vec::new();
        let mut draw = |variable: &Variable| {
            let base = limit(variable);
            let up = !variable
                .bound
                .is_some_and(|b| matches!(b.comparison, Comparison::AtMost | Comparison::Below));
            let fixed = variable.bound.is_some_and(|b| b.comparison == Comparison::Equal);
            match variable.kind {
                Kind::Pid | Kind::Tid => loop {
                    let pid = rng.u32(2..4_194_304);
                    if !pids.contains(&pid) {
                        pids.push(pid);
                        return pid.to_string();
                    }
                },
                Kind::Word => (0..6).map(|_| rng.lowercase()).collect(),
                Kind::Range(from, to) => rng.i64(from..=to).to_string(),
                Kind::Int => {
                    let away = if fixed { 0 } else { rng.i64(0..1_000) };
                    (base.unwrap_or(0.0) as i64 + if up { away } else { -away }).to_string()
                }
                Kind::Secs => {
                    let away = if fixed { 0.0 } else { f64::from(rng.u32(0..30)) / 10.0 };
                    decimal((base.unwrap_or(1.0) + if up { away } else { -away }).max(0.0))
                }
            }
        };
        let values: Vec<String> = transcript.variables.iter().map(&mut draw).collect();
        let ranged =
            |variable: usize| matches!(transcript.variables[variable].kind, Kind::Range(..));
        let number = |variable: usize| {
            if ranged(variable) { None } else { values[variable].parse().ok() }
        };
        transcript.rules.iter().all(|rule| rule.holds_for(number)).then_some(values)
    })
}
