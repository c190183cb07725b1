//! A rule's terms, with what their names mean.

use super::scope::{Scopes, Slot};
use super::syntax::{Expr, Hole, Part, RuleSyntax, Template, TermSyntax};
use crate::error::{Parsed, Span};
use crate::model::{Factor, Kind, Number, Rule, RulePiece, Term, Variable};

/// The most combinations of values for which a rule is judged.
const MOST_COMBINATIONS: i64 = 10_000;

/// Reads a rule. It is not a claim about time until it is marked as one.
pub(crate) fn rule(scopes: &Scopes<'_>, span: Span, rule: &RuleSyntax) -> Parsed<Rule> {
    let mut terms = Terms { scopes, names: Vec::new(), turn: Vec::new() };
    let left = terms.sum(&rule.left)?;
    let right = terms.sum(&rule.right)?;
    if left.iter().chain(&right).all(|(_, term)| matches!(term, Term::Number(_))) {
        let help = "count a \"text\", or compare a {variable} in `finally` or `seen`";
        return Err(scopes.source.error(span, "a rule about nothing", help));
    }
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
        turn: terms.turn,
        source: rule.source.clone(),
        sign_at: rule.sign_at,
    })
}

struct Terms<'a> {
    scopes: &'a Scopes<'a>,
    /// The holes of the rule's texts so far.
    names: Vec<(String, Kind)>,
    /// The loop constants of its texts so far.
    turn: Vec<(String, i64)>,
}

impl Terms<'_> {
    fn sum(&mut self, sum: &[(Factor, TermSyntax)]) -> Parsed<Vec<(Factor, Term)>> {
        sum.iter().map(|(factor, term)| Ok((*factor, self.term(term)?))).collect()
    }

    fn term(&mut self, term: &TermSyntax) -> Parsed<Term> {
        match term {
            TermSyntax::Number(number) => Ok(Term::Number(*number)),
            TermSyntax::Variable(name, span) => self.variable(name, *span),
            TermSyntax::Text(template, _) => self.text(template).map(Term::Lines),
        }
    }

    /// Joins neighbouring literals, because a word may be made of several.
    fn text(&mut self, template: &Template) -> Parsed<Vec<RulePiece>> {
        let mut pieces: Vec<RulePiece> = Vec::new();
        for part in &template.0 {
            let (piece, span) = match part {
                Part::Text(literal) => (RulePiece::Text(literal.clone()), None),
                Part::Hole(hole, span) => (self.hole(hole, *span)?, Some(*span)),
            };
            if let (RulePiece::Hole(_), Some(span)) = (&piece, span) {
                let error =
                    |message: &str, help: &str| Err(self.scopes.source.error(span, message, help));
                if matches!(pieces.last(), Some(RulePiece::Hole(_))) {
                    return error("two holes touch", "put text between them: where would one end?");
                }
                if pieces.contains(&piece) {
                    return error(
                        "the same name twice in one text",
                        "write it once: that is enough to count by it",
                    );
                }
            }
            match (pieces.last_mut(), piece) {
                (Some(RulePiece::Text(before)), RulePiece::Text(more)) => before.push_str(&more),
                (_, piece) => pieces.push(piece),
            }
        }
        Ok(pieces)
    }

    fn variable(&self, name: &str, span: Span) -> Parsed<Term> {
        match self.scopes.get(name) {
            Some(Slot::Variable(variable)) if !self.scopes.variables[variable].kind.counts() => {
                let kind = &self.scopes.variables[variable].kind;
                let message = format!("`{name}` is of kind {kind}");
                Err(self.scopes.source.error(span, message, "a rule compares numbers"))
            }
            Some(Slot::Variable(variable)) => Ok(Term::Variable(variable)),
            Some(Slot::Constant(value)) => Ok(Term::Number(Number::from(value))),
            None => Err(self.scopes.unbound(name, span)),
        }
    }

    /// `{w}` in a rule's text goes through all values of `w`, whichever loop binds it.
    fn hole(&mut self, hole: &Hole, span: Span) -> Parsed<RulePiece> {
        let scopes = self.scopes;
        let expr = match hole {
            Hole::Bind { .. } => {
                let help = "name a variable that an event binds";
                return Err(scopes.source.error(span, "a rule cannot bind a value", help));
            }
            Hole::Expr(expr) => expr,
        };
        self.remember(expr);
        let name = match expr {
            Expr::Name(name, _) if !matches!(scopes.get(name), Some(Slot::Constant(_))) => name,
            expr => return Ok(RulePiece::Text(scopes.value(expr)?.to_string())),
        };
        let mut same = scopes.variables.iter().filter(|variable| variable.name == *name);
        let Some(Variable { kind, .. }) = same.next() else {
            return Err(scopes.unbound(name, span));
        };
        if same.any(|other| other.kind != *kind) {
            let help = "give each kind a name of its own";
            return Err(scopes.source.error(span, format!("`{name}` has several kinds"), help));
        }
        if *kind == Kind::Text {
            let help = "a rule counts by one word: give the event a hole of another kind";
            return Err(scopes.source.error(
                span,
                format!("`{name}` may have several words"),
                help,
            ));
        }
        let known = self.names.iter().position(|known| known.0 == *name);
        Ok(RulePiece::Hole(known.unwrap_or_else(|| {
            self.names.push((name.clone(), kind.clone()));
            self.names.len() - 1
        })))
    }

    /// Notes the loop constants of an expression, so that a message about the rule can name the turn.
    fn remember(&mut self, expr: &Expr) {
        match expr {
            Expr::Number(_) => {}
            Expr::Name(name, _) => {
                if let Some(Slot::Constant(value)) = self.scopes.get(name)
                    && !self.turn.iter().any(|known| known.0 == *name)
                {
                    self.turn.push((name.clone(), value));
                }
            }
            Expr::Operation(left, _, right, _) => {
                self.remember(left);
                self.remember(right);
            }
        }
    }
}
