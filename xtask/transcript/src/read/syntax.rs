//! The syntax tree of a transcript: what the file says, before loops are written out.

use crate::error::Span;
use crate::model::{Bound, Comparison, Factor, Kind, Number, Times, When};

/// A whole file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) command: Vec<String>,
    pub(crate) exits: i32,
    pub(crate) items: Vec<Item>,
}

/// One line of the file that has a meaning, with its place.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) span: Span,
    pub(crate) kind: ItemKind,
}

impl Item {
    /// The names that an event or a rule binds or uses.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut texts = Vec::new();
        match &self.kind {
            ItemKind::Event { lane, text, .. } => texts.extend([lane, text]),
            ItemKind::Rule { rule, .. } | ItemKind::Seen { rule, .. } => {
                for (_, term) in rule.left.iter().chain(&rule.right) {
                    match term {
                        TermSyntax::Text(text, _) => texts.push(text),
                        TermSyntax::Variable(name, _) => names.push(name.as_str()),
                        TermSyntax::Number(_) => {}
                    }
                }
            }
            _ => {}
        }
        for part in texts.into_iter().flat_map(|text| &text.0) {
            if let Part::Hole(hole, _) = part
                && let Hole::Bind { name: Some(name), .. } | Hole::Expr(Expr::Name(name, _)) = hole
            {
                names.push(name);
            }
        }
        names
    }
}

#[derive(Debug)]
pub(crate) enum ItemKind {
    Event { timing: bool, lane: Template, times: Times, text: Template },
    Arrow { left: Lanes, right: Lanes },
    Barrier,
    For { name: String, from: Expr, to: Expr, body: Vec<Item> },
    Rule { timing: bool, rule: RuleSyntax },
    Seen { rule: RuleSyntax, runs: u32 },
}

/// One side of an arrow.
#[derive(Debug)]
pub(crate) enum Lanes {
    /// `*`
    All,
    Named(Vec<(Template, Span)>),
}

/// Text with holes.
#[derive(Debug, Clone)]
pub(crate) struct Template(pub(crate) Vec<Part>);

#[derive(Debug, Clone)]
pub(crate) enum Part {
    Text(String),
    Hole(Hole, Span),
}

#[derive(Debug, Clone)]
pub(crate) enum Hole {
    /// `{x:kind}` or `{:kind}`
    Bind { name: Option<String>, kind: KindSyntax, bound: Option<Bound> },
    /// `{x}` or `{i*i}`
    Expr(Expr),
}

#[derive(Debug, Clone)]
pub(crate) enum KindSyntax {
    Kind(Kind),
    Range(Expr, Expr),
}

/// Arithmetic on loop constants.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    Number(i64),
    Name(String, Span),
    Operation(Box<Expr>, char, Box<Expr>, Span),
}

/// `always "starts" - "finishes" <= 3`
#[derive(Debug, Clone)]
pub(crate) struct RuleSyntax {
    pub(crate) when: When,
    pub(crate) left: Vec<(Factor, TermSyntax)>,
    pub(crate) comparison: Comparison,
    pub(crate) right: Vec<(Factor, TermSyntax)>,
    pub(crate) source: String,
    pub(crate) sign_at: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum TermSyntax {
    Text(Template, Span),
    Number(Number),
    Variable(String, Span),
}
