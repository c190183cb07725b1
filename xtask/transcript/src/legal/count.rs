//! The number of legal outputs, as a value and in words.

use std::fmt;
use std::str::FromStr;

use crate::model::{Kind, Transcript};
use crate::text::grouped;

/// The number of legal outputs. An unforeseeable value counts once, a range once for each of its values.
///
/// Its text, such as `5,040` or `at most 3`, can be stored and parsed again.
///
/// ```
/// use transcript::Count;
///
/// let count: Count = "at most 5,040".parse()?;
/// assert_eq!(count, Count::AtMost(5_040));
/// assert_eq!(count.to_string(), "at most 5,040");
/// # Ok::<(), transcript::NoCount>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Count {
    /// This number.
    Exactly(u128),
    /// At most this number: an exact count takes too long, or rules depend on unforeseeable values.
    AtMost(u128),
    /// More than `u128` holds.
    Overflow,
    /// A `*|` lane allows any number of lines.
    Unbounded,
    /// Even an upper bound takes too long to count.
    Uncounted,
}

/// A text that is not a [`Count`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoCount;

const OVERFLOW: &str = "more than 10^38";
const UNBOUNDED: &str = "any number";
const UNCOUNTED: &str = "an unknown number";

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Count::Exactly(count) => out.write_str(&grouped(*count)),
            Count::AtMost(count) => write!(out, "at most {}", grouped(*count)),
            Count::Overflow => out.write_str(OVERFLOW),
            Count::Unbounded => out.write_str(UNBOUNDED),
            Count::Uncounted => out.write_str(UNCOUNTED),
        }
    }
}

impl FromStr for Count {
    type Err = NoCount;

    fn from_str(text: &str) -> Result<Count, NoCount> {
        let number = |text: &str| text.replace(',', "").parse().map_err(|_| NoCount);
        match text {
            OVERFLOW => Ok(Count::Overflow),
            UNBOUNDED => Ok(Count::Unbounded),
            UNCOUNTED => Ok(Count::Uncounted),
            _ => match text.strip_prefix("at most ") {
                Some(most) => number(most).map(Count::AtMost),
                None => number(text).map(Count::Exactly),
            },
        }
    }
}

impl fmt::Display for NoCount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "not a count, such as 140, at most 140, {OVERFLOW} or {UNBOUNDED}")
    }
}

impl std::error::Error for NoCount {}

impl Count {
    /// How many of the legal outputs were seen: `seen all 3`, `seen 3 of 5,040`, `seen 3 of more than 10^38`.
    ///
    /// ```
    /// use transcript::Count;
    ///
    /// assert_eq!(Count::Exactly(3).seen(3), "seen all 3");
    /// assert_eq!(Count::AtMost(140).seen(3), "seen 3 of at most 140");
    /// ```
    pub fn seen(&self, different: usize) -> String {
        match *self {
            Count::Exactly(1) if different == 1 => "seen the one legal order".to_owned(),
            Count::Exactly(count) if different as u128 == count && count > 0 => {
                format!("seen all {}", grouped(count))
            }
            count => format!("seen {} of {count}", grouped(different as u128)),
        }
    }
}

impl Transcript {
    /// A count of this transcript's legal outputs in words: `3 legal outputs`, or
    /// `one legal order; pids and times differ`.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("pid.txt", "main | {p:pid} took {t:secs} s\n")?;
    /// assert_eq!(transcript.legal(transcript.count()), "one legal order; pids and times differ");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn legal(&self, count: Count) -> String {
        let differ = self.unforeseeable();
        match (count, differ.as_slice()) {
            (Count::Exactly(0), _) => "no legal output: the rules contradict the events".to_owned(),
            (Count::Exactly(1), []) => "1 legal output: every run prints the same".to_owned(),
            (Count::Exactly(1), [one]) => format!("one legal order; {one} differ"),
            (Count::Exactly(1), [all @ .., last]) => {
                format!("one legal order; {} and {last} differ", all.join(", "))
            }
            (Count::Unbounded | Count::Uncounted, _) => format!("{count} of legal outputs"),
            (Count::AtMost(1), _) => format!("{count} legal output"),
            _ => format!("{count} legal outputs"),
        }
    }

    /// The kinds of values that differ from run to run, in the plural.
    fn unforeseeable(&self) -> Vec<&'static str> {
        let mut differ: Vec<&'static str> = Vec::new();
        for variable in &self.variables {
            let what = match variable.kind {
                Kind::Range(..) => continue,
                Kind::Pid => "pids",
                Kind::Tid => "thread ids",
                Kind::Int => "numbers",
                Kind::Secs => "times",
                Kind::Word => "words",
                Kind::Text => "texts",
                Kind::Own(_) => "values",
            };
            if !differ.contains(&what) {
                differ.push(what);
            }
        }
        differ
    }
}
