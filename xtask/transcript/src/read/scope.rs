//! The meaning of each name, at this place and in this turn of the loops.

use std::collections::HashMap;

use super::syntax::{Expr, Hole, KindSyntax, Part, Template};
use crate::error::{Mistake, Parsed, Source, Span};
use crate::model::{Kind, Variable};

/// The most values of one range.
const MOST_VALUES: i64 = 10_000;

#[derive(Clone, Copy)]
pub(crate) enum Slot {
    /// The constant of a loop.
    Constant(i64),
    /// Index into the variables.
    Variable(usize),
}

pub(crate) struct Scopes<'a> {
    pub(crate) source: Source<'a>,
    /// All variables that were ever bound, including those of ended scopes.
    pub(crate) variables: Vec<Variable>,
    /// From the scope of the whole file to the innermost one.
    open: Vec<HashMap<String, Slot>>,
}

impl<'a> Scopes<'a> {
    pub(crate) fn new(source: Source<'a>) -> Self {
        Scopes { source, variables: Vec::new(), open: vec![HashMap::new()] }
    }

    /// Does some work in a new scope.
    pub(crate) fn inside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.open();
        let result = work(self);
        self.close();
        result
    }

    pub(crate) fn open(&mut self) {
        self.open.push(HashMap::new());
    }

    pub(crate) fn close(&mut self) {
        self.open.pop();
    }

    pub(crate) fn get(&self, name: &str) -> Option<Slot> {
        self.open.iter().rev().find_map(|scope| scope.get(name).copied())
    }

    pub(crate) fn set(&mut self, name: &str, slot: Slot) {
        let scope = self.open.last_mut().expect("the scope of the whole file is never closed");
        scope.insert(name.to_owned(), slot);
    }

    /// Adds a new variable. If it has a name, the innermost scope gets the name.
    pub(crate) fn bind(&mut self, name: Option<&str>, variable: Variable) -> usize {
        if let Some(name) = name {
            self.set(name, Slot::Variable(self.variables.len()));
        }
        self.variables.push(variable);
        self.variables.len() - 1
    }

    pub(crate) fn unbound(&self, name: &str, span: Span) -> Mistake {
        let elsewhere = self.variables.iter().any(|variable| variable.name == name);
        let help = if elsewhere {
            "a name bound inside a loop is valid for that turn, a name bound by `*|` for that line"
                .to_owned()
        } else {
            format!("bind it above or here, with a kind: `{{{name}:pid}}`")
        };
        self.source.error(span, format!("nothing binds `{name}`"), help)
    }

    pub(crate) fn value(&self, expr: &Expr) -> Parsed<i64> {
        match expr {
            Expr::Number(number) => Ok(*number),
            Expr::Name(name, span) => match self.get(name) {
                Some(Slot::Constant(value)) => Ok(value),
                Some(Slot::Variable(_)) => Err(self.source.error(
                    *span,
                    format!("the value of `{name}` is not known before the run"),
                    "arithmetic is for the constants of `for` loops; compare measured values in a `finally` rule",
                )),
                None => Err(self.unbound(name, *span)),
            },
            Expr::Operation(left, sign, right, span) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let result = match sign {
                    '+' => left.checked_add(right),
                    '-' => left.checked_sub(right),
                    '*' => left.checked_mul(right),
                    '/' => left.checked_div_euclid(right),
                    _ => left.checked_rem_euclid(right),
                };
                let help = "it is too large, or the result of a division by zero";
                result.ok_or_else(|| self.source.error(*span, "no such number", help))
            }
        }
    }

    /// Both ends of a range that is not empty.
    pub(crate) fn range(&self, from: &Expr, to: &Expr, span: Span) -> Parsed<(i64, i64)> {
        let (from, to) = (self.value(from)?, self.value(to)?);
        if from <= to && to.checked_sub(from).is_some() {
            return Ok((from, to));
        }
        let help = "both ends are included: 1..=3 is 1, 2, 3";
        Err(self.source.error(span, format!("the range {from}..={to} is empty"), help))
    }

    pub(crate) fn kind(&self, kind: &KindSyntax, span: Span) -> Parsed<Kind> {
        match kind {
            KindSyntax::Kind(Kind::Own(own)) => {
                let example = (own.example)(0);
                let kind = Kind::Own(own.clone());
                if kind.admits(&example) {
                    return Ok(kind);
                }
                let message = format!("`{}` does not admit its own example `{example}`", own.name);
                let help = "correct the kind that was added to the parser";
                Err(self.source.error(span, message, help))
            }
            KindSyntax::Kind(kind) => Ok(kind.clone()),
            KindSyntax::Range(from, to) => {
                let (from, to) = self.range(from, to, span)?;
                if to - from >= MOST_VALUES {
                    let help = format!("at most {MOST_VALUES} values; or write int");
                    return Err(self.source.error(span, "a range too wide", help));
                }
                Ok(Kind::Range(from, to))
            }
        }
    }

    /// A lane's name: only loop constants may fill its holes.
    pub(crate) fn constant_text(&self, template: &Template) -> Parsed<String> {
        template.0.iter().try_fold(String::new(), |text, part| match part {
            Part::Text(literal) => Ok(text + literal),
            Part::Hole(Hole::Expr(expr), _) => Ok(text + &self.value(expr)?.to_string()),
            Part::Hole(Hole::Bind { .. }, span) => {
                let help = "the lanes must be known before the run";
                Err(self.source.error(*span, "a lane cannot bind a value", help))
            }
        })
    }
}
