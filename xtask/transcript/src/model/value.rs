//! Values: what a hole can hold.

/// What a hole binds.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) bound: Option<Bound>,
    /// Bound anew by each line of a `*|` event.
    pub(crate) fresh: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Pid,
    Tid,
    Int,
    Secs,
    Word,
    Range(i64, i64),
}

impl Kind {
    /// Whether two variables of this kind must differ: no two processes share a pid.
    pub(crate) fn distinct(self) -> bool {
        matches!(self, Kind::Pid | Kind::Tid)
    }

    /// Whether a value of this kind can contain `c`: a symbol is a value of every kind.
    pub(crate) fn allows(self, c: char) -> bool {
        match self {
            _ if c == SYMBOL => true,
            Kind::Pid | Kind::Tid => c.is_ascii_digit(),
            Kind::Int | Kind::Range(..) => c.is_ascii_digit() || c == '-',
            Kind::Secs => c.is_ascii_digit() || c == '.',
            Kind::Word => !c.is_whitespace(),
        }
    }

    /// Whether `text` as a whole is a value of this kind.
    pub(crate) fn admits(self, text: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_symbol(text) {
            return true;
        }
        match self {
            Kind::Pid | Kind::Tid => digits(text) && !text.starts_with('0'),
            Kind::Int => digits(text.strip_prefix('-').unwrap_or(text)),
            Kind::Secs => text
                .split_once('.')
                .map_or(digits(text), |(whole, part)| digits(whole) && digits(part)),
            Kind::Word => !text.is_empty() && !text.contains(char::is_whitespace),
            // Compared as text, so that 01 is not 1.
            Kind::Range(from, to) => {
                text.parse::<i64>().is_ok_and(|n| (from..=to).contains(&n) && n.to_string() == text)
            }
        }
    }
}

impl Variable {
    /// Whether `text` may be this variable's value. An upper bound of a duration is no reason to refuse one.
    pub(crate) fn admits(&self, text: &str) -> bool {
        self.kind.admits(text) && (self.keeps_bound(text) || self.only_warns())
    }

    /// Whether `text` is within the bound, if there is one.
    pub(crate) fn keeps_bound(&self, text: &str) -> bool {
        let Some(bound) = self.bound else { return true };
        text.parse::<f64>().map_or(true, |value| bound.comparison.holds(value, bound.limit))
    }

    fn only_warns(&self) -> bool {
        let upper =
            |bound: Bound| matches!(bound.comparison, Comparison::AtMost | Comparison::Below);
        self.kind == Kind::Secs && self.bound.is_some_and(upper)
    }
}

/// The one character that no line of an output contains.
const SYMBOL: char = '\n';

/// Stands for an unforeseeable value while outputs are counted.
pub(crate) fn symbol(number: usize) -> String {
    SYMBOL.to_string().repeat(number + 1)
}

pub(crate) fn is_symbol(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == SYMBOL)
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
