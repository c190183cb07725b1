//! Is it known before any run whether a rule holds at its end?

use super::printable::Printable;
use crate::model::{
    Comparison, Event, Kind, Number, Piece, Rule, RulePiece, Term, Times, Transcript, captures,
};

/// What every run has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreseen {
    Always,
    Never,
}

/// The least and the greatest value of a sum; none if it has no limit.
#[derive(Debug, Clone, Copy)]
struct Limits {
    least: Option<Number>,
    greatest: Option<Number>,
}

/// Compares the limits of both sides; none if the values or the counts decide.
pub(crate) fn foresee(transcript: &Transcript, rule: &Rule) -> Option<Foreseen> {
    let mut printable = Printable::new(transcript);
    let mut side = |side: &[(i64, Term)]| {
        side.iter().fold(Limits::exactly(0), |sum, (factor, term)| {
            sum.plus(limits(&mut printable, transcript, rule, term).times(*factor))
        })
    };
    let Limits { least, greatest } = side(&rule.left).plus(side(&rule.right).times(-1));
    let zero = Number::default();
    let holds = |limit: Option<Number>| limit.map(|limit| rule.comparison.holds(limit, zero));
    let (at_least, at_greatest) = (holds(least), holds(greatest));
    let (always, never) = match rule.comparison {
        Comparison::AtMost | Comparison::Below => {
            (at_greatest == Some(true), at_least == Some(false))
        }
        Comparison::AtLeast | Comparison::Above => {
            (at_least == Some(true), at_greatest == Some(false))
        }
        Comparison::Equal => (
            at_least == Some(true) && at_greatest == Some(true),
            least.is_some_and(|least| least > zero)
                || greatest.is_some_and(|greatest| greatest < zero),
        ),
    };
    if never {
        return Some(Foreseen::Never);
    }
    // A run without the value does not satisfy the rule.
    (always && has_all_values(transcript, rule)).then_some(Foreseen::Always)
}

/// Whether every run has the values that the rule mentions.
fn has_all_values(transcript: &Transcript, rule: &Rule) -> bool {
    let certain = |variable: usize| {
        let mut events = (0..transcript.events.len())
            .filter(|event| transcript.variables_of(*event).any(|mentioned| mentioned == variable));
        events.any(|event| transcript.events[event].times == Times::Once)
    };
    let ranged = rule.names.iter().all(|(_, kind)| matches!(kind, Kind::Range(..)));
    ranged && rule.variables().all(certain)
}

fn limits(
    printable: &mut Printable<'_>,
    transcript: &Transcript,
    rule: &Rule,
    term: &Term,
) -> Limits {
    match term {
        Term::Number(number) => Limits { least: Some(*number), greatest: Some(*number) },
        Term::Variable(variable) => value_limits(transcript, *variable),
        Term::Lines(text) => {
            let events = printable.by_event(text, &rule.names).zip(&transcript.events);
            let counts = events.map(|(printable, event)| match printable {
                true => count_limits(rule, text, event),
                false => Limits::exactly(0),
            });
            counts.fold(Limits::exactly(0), Limits::plus)
        }
    }
}

fn value_limits(transcript: &Transcript, variable: usize) -> Limits {
    let variable = &transcript.variables[variable];
    let mut limits = match variable.kind {
        Kind::Range(from, to) => {
            Limits { least: Some(Number::from(from)), greatest: Some(Number::from(to)) }
        }
        Kind::Secs => Limits { least: Some(Number::default()), greatest: None },
        Kind::Pid | Kind::Tid => Limits { least: Some(Number::from(1)), greatest: None },
        Kind::Int | Kind::Word | Kind::Text | Kind::Own(_) => {
            Limits { least: None, greatest: None }
        }
    };
    if let Some(bound) = variable.bound {
        match bound.comparison {
            Comparison::AtLeast | Comparison::Above => limits.least = Some(bound.limit),
            // The upper bound of a duration refuses no value.
            Comparison::AtMost | Comparison::Below if variable.kind == Kind::Secs => {}
            Comparison::AtMost | Comparison::Below => limits.greatest = Some(bound.limit),
            Comparison::Equal => {
                limits = Limits { least: Some(bound.limit), greatest: Some(bound.limit) };
            }
        }
    }
    limits
}

/// How many lines a text counts of an event that can print it.
fn count_limits(rule: &Rule, text: &[RulePiece], event: &Event) -> Limits {
    // With a hole, the text may count the line for another value.
    let always = match &event.pattern[..] {
        [Piece::Text(line)] => {
            rule.names.is_empty() && !captures(text, &rule.names, line).is_empty()
        }
        _ => false,
    };
    match event.times {
        Times::Once if always => Limits::exactly(1),
        Times::Once | Times::Optional => {
            Limits { least: Some(Number::default()), greatest: Some(Number::from(1)) }
        }
        Times::Many => Limits { least: Some(Number::default()), greatest: None },
    }
}

impl Limits {
    fn exactly(number: i64) -> Limits {
        Limits { least: Some(Number::from(number)), greatest: Some(Number::from(number)) }
    }

    fn plus(self, other: Limits) -> Limits {
        let sum = |one: Option<Number>, other: Option<Number>| Some(one? + other?);
        Limits { least: sum(self.least, other.least), greatest: sum(self.greatest, other.greatest) }
    }

    fn times(self, factor: i64) -> Limits {
        let times = |limit: Option<Number>| limit.map(|limit| limit.times(factor));
        let (one, other) = (times(self.least), times(self.greatest));
        match factor < 0 {
            true => Limits { least: other, greatest: one },
            false => Limits { least: one, greatest: other },
        }
    }
}
