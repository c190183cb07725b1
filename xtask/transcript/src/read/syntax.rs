//! The syntax tree of a transcript: what stands in the file, before loops are written out.

use crate::error::Span;
use crate::model::{Bound, Comparison, Sign, Times, When};

/// A whole file.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) command: Vec<String>,
    pub(crate) exits: i32,
    pub(crate) items: Vec<Item>,
}

/// One line of the file that says something, with its place.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) span: Span,
    pub(crate) kind: ItemKind,
}

#[derive(Debug)]
pub(crate) enum ItemKind {
    Event { timing: bool, lane: Template, times: Times, text: Template },
    Arrow { left: Lanes, right: Lanes },
    Barrier,
    For { name: String, from: Expr, to: Expr, body: Vec<Item> },
    Rule { timing: bool, rule: RuleSyntax },
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
    /// `{x:type}`
    Bind { name: String, kind: TypeSyntax, bound: Option<Bound> },
    /// `{x}` or `{i*i}`
    Expr(Expr),
}

#[derive(Debug, Clone)]
pub(crate) enum TypeSyntax {
    Pid,
    Tid,
    Int,
    Secs,
    Word,
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
    pub(crate) left: Vec<(Sign, TermSyntax)>,
    pub(crate) comparison: Comparison,
    pub(crate) right: Vec<(Sign, TermSyntax)>,
    pub(crate) source: String,
    pub(crate) sign_at: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum TermSyntax {
    Text(Template),
    Number(f64),
    Variable(String, Span),
}
