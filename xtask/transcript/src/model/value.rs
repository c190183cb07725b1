//! Values: what a hole can hold.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::number::{MOST_DIGITS, Number};

/// What a hole binds.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    /// As the hole shows it: `c`, or `:secs` where the hole has no name.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) bound: Option<Bound>,
    /// Whether each line of a `*|` event binds it anew.
    pub(crate) fresh: bool,
    /// Whether its value matters: another hole, a rule or another process's pid depends on it.
    pub(crate) needed: bool,
}

/// The values that a hole can have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Pid,
    Tid,
    Int,
    Secs,
    Word,
    /// Several words.
    Text,
    Range(i64, i64),
    Own(OwnKind),
}

/// A kind that a user of the crate defined.
#[derive(Clone)]
pub(crate) struct OwnKind {
    pub(crate) name: Arc<str>,
    pub(crate) admits: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    pub(crate) example: Arc<dyn Fn(u64) -> String + Send + Sync>,
}

// The closures take no `&mut`: a panic in one of them leaves nothing half done, so tests may catch it.
impl UnwindSafe for OwnKind {}
impl RefUnwindSafe for OwnKind {}

/// The kernel's `PID_MAX_LIMIT`: no pid on Linux is greater.
const GREATEST_PID: u32 = 4_194_304;

/// The most bytes of a value of a user's kind.
const LONGEST_OWN: usize = 256;

impl Kind {
    /// Whether two variables of this kind must have different values: no two processes share a pid.
    pub(crate) fn distinct(&self) -> bool {
        matches!(self, Kind::Pid | Kind::Tid)
    }

    /// Whether its values are numbers, so that a rule can compare them.
    pub(crate) fn counts(&self) -> bool {
        !matches!(self, Kind::Word | Kind::Text | Kind::Own(_))
    }

    /// Whether a value of this kind can contain `c`. A symbol is a value of every kind.
    pub(crate) fn allows(&self, c: char) -> bool {
        match self {
            _ if c == SYMBOL => true,
            Kind::Pid | Kind::Tid => c.is_ascii_digit(),
            Kind::Int | Kind::Range(..) => c.is_ascii_digit() || c == '-',
            Kind::Secs => c.is_ascii_digit() || c == '.',
            Kind::Word | Kind::Own(_) => !c.is_whitespace(),
            Kind::Text => true,
        }
    }

    /// The length of its longest value, in bytes.
    pub(crate) fn longest(&self) -> usize {
        match self {
            Kind::Pid | Kind::Tid => GREATEST_PID.to_string().len(),
            Kind::Int => "-".len() + MOST_DIGITS,
            Kind::Range(from, to) => from.to_string().len().max(to.to_string().len()),
            Kind::Secs => MOST_DIGITS + ".".len() + MOST_DIGITS,
            Kind::Own(_) => LONGEST_OWN,
            Kind::Word | Kind::Text => usize::MAX,
        }
    }

    /// Whether `text` as a whole is a value of this kind.
    pub(crate) fn admits(&self, text: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_symbol(text) {
            return true;
        }
        if text.is_empty() || text.contains(SYMBOL) || text.len() > self.longest() {
            return false;
        }
        match self {
            Kind::Pid | Kind::Tid => {
                let number = digits(text) && !text.starts_with('0');
                number && text.parse::<u32>().is_ok_and(|pid| pid <= GREATEST_PID)
            }
            Kind::Int => !text.contains('.') && text.parse::<Number>().is_ok(),
            Kind::Secs => !text.starts_with('-') && text.parse::<Number>().is_ok(),
            Kind::Word => !text.contains(char::is_whitespace),
            Kind::Text => text.trim().len() == text.len(),
            // Compared as text: 01 is not 1.
            Kind::Range(from, to) => text
                .parse::<i64>()
                .is_ok_and(|n| (from..=to).contains(&&n) && n.to_string() == text),
            Kind::Own(own) => !text.contains(char::is_whitespace) && (own.admits)(text),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Pid => write!(out, "pid"),
            Kind::Tid => write!(out, "tid"),
            Kind::Int => write!(out, "int"),
            Kind::Secs => write!(out, "secs"),
            Kind::Word => write!(out, "word"),
            Kind::Text => write!(out, "text"),
            Kind::Range(from, to) => write!(out, "{from}..={to}"),
            Kind::Own(own) => write!(out, "{}", own.name),
        }
    }
}

// The kinds of one transcript have different names.
impl PartialEq for OwnKind {
    fn eq(&self, other: &OwnKind) -> bool {
        self.name == other.name
    }
}

impl Eq for OwnKind {}

impl Hash for OwnKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for OwnKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Own({})", self.name)
    }
}

impl Variable {
    /// Whether `text` may be this variable's value.
    pub(crate) fn admits(&self, text: &str) -> bool {
        self.kind.admits(text) && (self.keeps_bound(text) || self.only_warns())
    }

    /// Whether `text` is within the bound, if there is one.
    pub(crate) fn keeps_bound(&self, text: &str) -> bool {
        let Some(bound) = self.bound else { return true };
        text.parse().map_or(true, |value| bound.comparison.holds(value, bound.limit))
    }

    /// Whether its bound refuses no value: the upper bound of a duration.
    pub(crate) fn only_warns(&self) -> bool {
        let upper =
            |bound: Bound| matches!(bound.comparison, Comparison::AtMost | Comparison::Below);
        self.kind == Kind::Secs && self.bound.is_some_and(upper)
    }
}

/// The one character that no line of an output contains.
pub(crate) const SYMBOL: char = '\n';

/// The text that represents an unforeseeable value while outputs are counted.
pub(crate) fn symbol(number: usize) -> String {
    SYMBOL.to_string().repeat(number + 1)
}

pub(crate) fn is_symbol(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == SYMBOL)
}

/// The `>= 1.0` after a kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub(crate) comparison: Comparison,
    pub(crate) limit: Number,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    AtMost,
    Equal,
    AtLeast,
    Below,
    Above,
}

impl Comparison {
    pub(crate) fn holds(self, left: Number, right: Number) -> bool {
        match self {
            Comparison::AtMost => left <= right,
            Comparison::Equal => left == right,
            Comparison::AtLeast => left >= right,
            Comparison::Below => left < right,
            Comparison::Above => left > right,
        }
    }

    pub(crate) fn sign(self) -> &'static str {
        match self {
            Comparison::AtMost => "<=",
            Comparison::Equal => "==",
            Comparison::AtLeast => ">=",
            Comparison::Below => "<",
            Comparison::Above => ">",
        }
    }
}
