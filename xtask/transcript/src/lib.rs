//! Expected output of concurrent programs.
//!
//! A *transcript* reads like one sample run, yet defines a partial order: it accepts exactly the legal outputs of a
//! program that never prints the same thing twice, and a failed check names the broken edge of that order.
//!
//! ```
//! use transcript::{Timing, Transcript, Verdict};
//!
//! let transcript = Transcript::parse(
//!     "fork.txt",
//!     "parent | parent {p:pid}: about to fork
//! parent -> child
//! parent | parent {p}: forked {c:pid}
//! child  | child {c}: exiting
//! child -> parent
//! parent | parent {p}: {c} has exited
//! ",
//! )?;
//! assert_eq!(transcript.count().to_string(), "2");
//!
//! let output = "parent 7: about to fork\nchild 8: exiting\nparent 7: forked 8\nparent 7: 8 has exited\n";
//! assert!(matches!(transcript.judge(output, Timing::Judged), Verdict::Accepted(_)));
//!
//! let output = "parent 7: about to fork\nparent 7: forked 8\nparent 7: 8 has exited\nchild 8: exiting\n";
//! let Verdict::Rejected(rejected) = transcript.judge(output, Timing::Judged) else { panic!("accepted") };
//! assert!(rejected.to_string().contains("child -> parent (fork.txt:5)"));
//! # Ok::<(), transcript::ParseError>(())
//! ```
//!
//! # The format
//!
//! ```text
//! $ command                      the first line, once: what to run
//! lane | text                    one output line; events of the same lane happen in this order
//! lane ?| text                   a line that may be absent
//! lane *| text                   any number of such lines
//! a, b -> c                      all that the left lanes printed above precedes all that the right ones print below
//! ---                            everybody waits for everybody: * -> *
//! for i in 1..=3                 the indented block, written out once a turn
//! always "starts" - "ends" <= 3  after each line, a sum over the lines so far
//! finally {parallel} < {serial}  at the end, also of values that were bound
//! timing always ...              a claim about time: not judged where the machine stalled; goes with an event, too,
//!                                whose line must then be there all the same, anywhere and with values of any size
//! exits 3                        the expected exit status, 0 if absent
//! # comment
//! ```
//!
//! **Holes.** `{x:kind}` binds `x`, and `{x}` is the same value again; `{:kind}` is a value that nothing needs again.
//! `{i*i}` calculates with loop constants, `{{` is a literal brace. The kinds are
//!
//! ```text
//! pid, tid    1 to 4194304, as the kernel gives them; two holes that bind one have different values
//! int         a whole number, perhaps negative; at most 27 digits
//! secs        a duration; at most 27 digits on either side of the point
//! word        characters without a blank
//! text        several words, up to the literal that follows the hole
//! 1..=3       a whole number of this range
//! ```
//!
//! and those that a [`Parser`] was given. `int` and `secs` take a bound: `{:secs >= 1.0}`. An upper bound of a duration
//! only warns.
//!
//! **Arrows.** In a loop the names of lanes may be calculated. A lane that exists in some turns only is left out in the
//! others, so `t{i} -> t{i+1}` is a chain, whose last turn orders nothing.
//!
//! **Rules.** A rule is a sum, one of `==`, `<=`, `>=`, `<`, `>`, and a sum. A term is a quoted text, a number or, at the
//! end, a value; `2 * "starts"` counts it twice. Numbers are exact. A quoted text counts the lines that contain it as
//! whole words: `"ends"` is not in `sends 3`, nor `"task 1"` in `task 10`. With a hole, `"worker {w} starts"`, the rule must
//! hold for each value of `w` by itself; the value ends at the first place where the rest of the text can follow. With a
//! loop constant it holds for that turn.
//!
//! A name bound inside `for` holds for that turn.
//!
//! **Characters.** What a reader would not see in the file, such as a no-break space or a mark that changes the direction
//! of writing, is an error. A hole can take it from a program's output.
//!
//! # What it does
//!
//! - [`Transcript::parse`], [`Transcript::load`]: unknown syntax is an error with its place, never ignored;
//!   [`Transcript::lint`] warns, [`Transcript::parser`] takes kinds of one's own.
//! - [`Transcript::judge`]: accepts or rejects an output, and says why.
//! - [`Transcript::assert`], [`assert_output`]: the same for a test. `TRANSCRIPT=bless cargo test` rewrites files.
//! - [`Transcript::count`], [`Transcript::sample`], [`Transcript::neutral`]: how many legal outputs there are, one of
//!   them, the one that the file spells.
//! - [`Transcript::picture`], [`Transcript::drawing`], [`Transcript::outline`]: what a transcript allows and what a
//!   program printed, drawn with a column for each lane; all that a transcript means.
//! - [`Transcript::constraints`], [`Transcript::weakenings`], [`Transcript::audit`]: what the transcript forbids element
//!   by element, what it would accept without each of them, and which flawed programs that would let through.
//! - [`Budget`]: how much work an answer may take, and how a caller ends it.
//! - [`Transcript::bless`], [`Transcript::draft`]: a transcript from real outputs.
//!
//! All of it is pure, but for `load` and `assert_output`: no other function of the library reads or writes a file.

mod assert;
mod audit;
mod budget;
mod edit;
mod error;
mod judge;
mod legal;
mod lint;
mod model;
mod read;
mod render;
mod text;

pub use assert::{LoadError, assert_output};
pub use audit::{Audit, Audited, Effect, Flawed, Weakening};
pub use budget::{Budget, Exhausted};
pub use edit::{Blessed, Refusal};
pub use error::{Mistake, ParseError};
pub use judge::{Accepted, Fault, FaultKind, Rejected, Timing, Verdict};
pub use legal::{Count, NoCount};
pub use lint::Lint;
pub use model::{Constraint, ConstraintKind, Edge, Event, Reason, Times, Transcript};
pub use read::Parser;
pub use render::{Drawing, Span, Style, WIDTH};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
