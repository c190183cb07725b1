//! What a transcript is: events, the values their holes bind, rules, and the order between events.

mod constraint;
mod number;
mod order;
mod parts;
mod pattern;
mod phrase;
mod rule;
mod seen;
mod symmetry;
mod tally;
mod transcript;
mod value;

pub use constraint::{Constraint, ConstraintKind};
pub(crate) use number::{FACTOR_DIGITS, MOST_DIGITS, MOST_TERMS, Number};
pub(crate) use order::{Arrow, Order};
pub use order::{Edge, Reason};
pub(crate) use pattern::readings;
pub(crate) use phrase::{captures, in_word};
pub(crate) use rule::{Factor, Rule, RulePiece, Term, When};
pub(crate) use seen::MOST_RUNS;
pub use seen::SeenRule;
pub(crate) use symmetry::{Member, Symmetry};
pub(crate) use tally::Tally;
pub use transcript::{Event, Times, Transcript};
pub(crate) use transcript::{Piece, SourcePart};
pub(crate) use value::{Bound, Comparison, Kind, OwnKind, Variable, is_symbol, symbol};
