//! Expected output of concurrent programs.
//!
//! A *transcript* reads like one sample run, yet it defines a partial order. It accepts exactly the legal outputs of a
//! program whose output differs from run to run, and a failed check names the edge of the order that was broken.
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
//! a, b -> c                      what the left lanes printed above comes before what the right ones print below
//! ---                            a barrier: every lane waits for every lane, * -> *
//! for i in 1..=3                 the indented block, once for each value
//! always "starts" - "ends" <= 3  holds after each line: a sum over the lines so far
//! finally {parallel} < {serial}  holds at the end, also for values that were bound
//! timing always ...              a claim about time: not judged if the machine stalled; an event can be one too, and
//!                                its line must still be there, anywhere and with values of any size
//! seen {total} < 20 in 5 runs    holds at the end of at least one of several runs
//! exits 3                        the expected exit status, 0 if absent
//! # comment
//! ```
//!
//! **Holes.** `{x:kind}` binds `x`, and `{x}` is the same value again; `{:kind}` is a value that is not needed again.
//! `{i*i}` calculates with loop constants. `{{` is a literal brace. The kinds are
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
//! and the kinds that a [`Parser`] was given. `int` and `secs` take a bound: `{:secs >= 1.0}`. An upper bound of a
//! duration only warns.
//!
//! **Arrows.** In a loop the names of lanes may be calculated. An arrow leaves out a lane that does not exist in a
//! turn, so `t{i} -> t{i+1}` is a chain, whose last turn orders nothing.
//!
//! **Rules.** A rule is a sum, one of `==`, `<=`, `>=`, `<`, `>`, and a sum. A term is a quoted text, a number or, at
//! the end, a value; `2 * "starts"` counts it twice. Numbers are exact. A quoted text counts the lines that contain it
//! as whole words: `"ends"` is not in `sends 3`, nor `"task 1"` in `task 10`. With a hole, `"worker {w} starts"`, the
//! rule must hold for each value of `w` by itself; the value ends at the first place where the rest of the text can
//! follow. With a loop constant it holds for that turn.
//!
//! **Several runs.** A `seen` rule says what a program must show now and then, such as a lost update. Its comparison is
//! written as in `finally`, and at least one run must satisfy it. A test may make more runs than the rule names, and
//! then one of them all is enough; the number is from 2 to 1000. Each turn of a loop is a rule of its own. A run
//! without the value that the rule mentions does not satisfy it. A rule is an error if every run satisfies it, or no
//! run can, and the kinds and the texts alone show this. A single output cannot break the rule, so
//! [`Transcript::judge`], [`Transcript::assert`] and [`Transcript::count`] ignore it: see [`Sightings`].
//!
//! A name bound inside `for` holds for that turn.
//!
//! **Characters.** A character that a reader would not see in the file is an error, for example a no-break space or a
//! mark that changes the direction of writing. A hole can take such a character from a program's output.
//!
//! # What it does
//!
//! - [`Transcript::parse`], [`Transcript::load`]: unknown syntax is an error with its place, never ignored;
//!   [`Transcript::lint`] warns, [`Transcript::parser`] takes further kinds.
//! - [`Transcript::judge`]: accepts or rejects an output, and says why.
//! - [`Transcript::assert`], [`assert_output`]: the same for a test. `TRANSCRIPT=bless cargo test` rewrites files.
//! - [`Sightings`], [`Transcript::runs_left`], [`Transcript::unseen`]: what several runs have shown of the `seen`
//!   rules.
//! - [`Transcript::count`], [`Transcript::sample`], [`Transcript::neutral`]: how many legal outputs there are, a random
//!   one, and the one that the file shows.
//! - [`Transcript::picture`], [`Transcript::drawing`], [`Transcript::outline`]: drawings with a column for each lane,
//!   of what a transcript allows and of what a program printed; and all that a transcript means.
//! - [`Transcript::constraints`], [`Transcript::weakenings`], [`Transcript::audit`]: the elements of a transcript that
//!   forbid something, what it would accept without each of them, and which flawed programs would then pass.
//! - [`Budget`]: how much work an answer may take, and how a caller ends it.
//! - [`Transcript::bless`], [`Transcript::draft`]: a transcript from real outputs.
//!
//! All of it is pure, except `load` and `assert_output`: no other function of the library reads or writes a file.

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
pub use judge::{Accepted, Fault, FaultKind, Rejected, Sightings, Timing, Verdict};
pub use legal::{Count, NoCount};
pub use lint::Lint;
pub use model::{Constraint, ConstraintKind, Edge, Event, Reason, SeenRule, Times, Transcript};
pub use read::Parser;
pub use render::{Drawing, Span, Style, WIDTH};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
