//! The syntax tree of a transcript: what stands in the file, before loops are written out.

use crate::error::Span;

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
    Event {
        timing: bool,
        lane: Template,
        times: Times,
        text: Template,
    },
    Arrow {
        left: Lanes,
        right: Lanes,
    },
    Barrier,
    For {
        name: String,
        from: Expr,
        to: Expr,
        body: Vec<Item>,
    },
    Rule {
        timing: bool,
        rule: RuleSyntax,
    },
}

/// How often an event occurs in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// `lane | text`: exactly once.
    Once,
    /// `lane ?| text`: once or not at all.
    Optional,
    /// `lane *| text`: any number of times in a row, or not at all.
    Many,
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
    Bind {
        name: String,
        kind: TypeSyntax,
        bound: Option<Bound>,
    },
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

/// `>= 1.0` behind a type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub(crate) comparison: Comparison,
    pub(crate) limit: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    AtMost,
    Equal,
    AtLeast,
    Below,
}

impl Comparison {
    pub(crate) fn holds(self, left: f64, right: f64) -> bool {
        // Sums of printed decimals such as 0.1 + 0.2 must equal 0.3.
        const NOISE: f64 = 1e-9;
        match self {
            Comparison::AtMost => left <= right + NOISE,
            Comparison::Equal => (left - right).abs() <= NOISE,
            Comparison::AtLeast => left + NOISE >= right,
            Comparison::Below => left + NOISE < right,
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Comparison::AtMost => "<=",
            Comparison::Equal => "=",
            Comparison::AtLeast => ">=",
            Comparison::Below => "<",
        }
    }
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
}

/// +1 or -1.
pub(crate) type Sign = i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    Finally,
}

#[derive(Debug, Clone)]
pub(crate) enum TermSyntax {
    Text(Template),
    Number(f64),
    Variable(String, Span),
}
