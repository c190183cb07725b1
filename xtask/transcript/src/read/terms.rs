//! A rule's terms, with what their names stand for.

use super::Parsed;
use super::scope::{Scopes, Slot};
use super::syntax::{Expr, Hole, Part, RuleSyntax, TermSyntax};
use crate::error::Span;
use crate::model::{Kind, Rule, RulePiece, Sign, Term, Variable};

/// Values of all ranges of a rule together, each of which it is judged for.
const MOST_COMBINATIONS: i64 = 10_000;

/// A rule whose claim is not one about time, until it is marked so.
pub(crate) fn rule(scopes: &Scopes<'_>, span: Span, rule: &RuleSyntax) -> Parsed<Rule> {
    let mut terms = Terms { scopes, names: Vec::new() };
    let left = terms.sum(&rule.left)?;
    let right = terms.sum(&rule.right)?;
    let values = terms.names.iter().map(|(_, kind)| match kind {
        Kind::Range(from, to) => to - from + 1,
        _ => 1,
    });
    if values.fold(1, i64::saturating_mul) > MOST_COMBINATIONS {
        let help =
            format!("at most {MOST_COMBINATIONS} combinations: name fewer or smaller ranges");
        return Err(scopes.source.error(span, "a rule for too many values", help));
    }
    Ok(Rule {
        line: span.line,
        timing: false,
        when: rule.when,
        left,
        comparison: rule.comparison,
        right,
        names: terms.names,
        source: rule.source.clone(),
        sign_at: rule.sign_at,
    })
}

struct Terms<'a> {
    scopes: &'a Scopes<'a>,
    /// The holes of the rule's texts so far.
    names: Vec<(String, Kind)>,
}

impl Terms<'_> {
    fn sum(&mut self, sum: &[(Sign, TermSyntax)]) -> Parsed<Vec<(Sign, Term)>> {
        sum.iter().map(|(sign, term)| Ok((*sign, self.term(term)?))).collect()
    }

    fn term(&mut self, term: &TermSyntax) -> Parsed<Term> {
        match term {
            TermSyntax::Number(number) => Ok(Term::Number(*number)),
            TermSyntax::Variable(name, span) => self.variable(name, *span),
            TermSyntax::Text(template) => {
                let piece = |part: &Part| match part {
                    Part::Text(literal) => Ok(RulePiece::Text(literal.clone())),
                    Part::Hole(hole, span) => self.hole(hole, *span),
                };
                template.0.iter().map(piece).collect::<Parsed<_>>().map(Term::Lines)
            }
        }
    }

    fn variable(&self, name: &str, span: Span) -> Parsed<Term> {
        match self.scopes.get(name) {
            Some(Slot::Variable(variable))
                if self.scopes.variables[variable].kind == Kind::Word =>
            {
                let message = format!("`{name}` is a word");
                Err(self.scopes.source.error(span, message, "a rule compares numbers"))
            }
            Some(Slot::Variable(variable)) => Ok(Term::Variable(variable)),
            Some(Slot::Constant(value)) => Ok(Term::Number(value as f64)),
            None => Err(self.scopes.unbound(name, span)),
        }
    }

    /// `{w}` in a rule's text goes through all values of `w`, whichever loop binds it.
    fn hole(&mut self, hole: &Hole, span: Span) -> Parsed<RulePiece> {
        let scopes = self.scopes;
        let name = match hole {
            Hole::Bind { .. } => {
                let help = "name a variable that an event binds";
                return Err(scopes.source.error(span, "a rule binds nothing", help));
            }
            Hole::Expr(Expr::Name(name, _)) => name,
            Hole::Expr(expr) => return Ok(RulePiece::Text(scopes.value(expr)?.to_string())),
        };
        if let Some(Slot::Constant(value)) = scopes.get(name) {
            return Ok(RulePiece::Text(value.to_string()));
        }
        let mut same = scopes.variables.iter().filter(|variable| variable.name == *name);
        let Some(Variable { kind, .. }) = same.next() else {
            return Err(scopes.unbound(name, span));
        };
        if same.any(|other| other.kind != *kind) {
            let help = "give each type a name of its own";
            return Err(scopes.source.error(span, format!("`{name}` has several types"), help));
        }
        let known = self.names.iter().position(|known| known.0 == *name);
        Ok(RulePiece::Hole(known.unwrap_or_else(|| {
            self.names.push((name.clone(), *kind));
            self.names.len() - 1
        })))
    }
}
