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
//! for i in 1..3                  the indented block, written out once a turn
//! always "starts" - "ends" <= 3  after each line, a sum over the lines so far
//! finally {parallel} < {serial}  at the end, also of values that were bound
//! timing always ...              a claim about time: not judged where the machine stalled; goes with an event, too
//! exits 3                        the expected exit status, 0 if absent
//! # comment
//! ```
//!
//! A text has holes: `{x:type}` binds `x`, `{x}` is the same value again, `{i*i}` calculates with loop constants, and
//! `{{` is a literal brace. Types are `pid`, `tid`, `int`, `secs`, `word` or a range `1..3`; `int` and `secs` take a
//! bound: `{t:secs >= 1.0}`. Different pids must differ. An upper bound of a duration only warns.
//!
//! A quoted text in a rule counts the lines that contain it. With a hole, `"worker {w} starts"`, the rule must hold for
//! each value of `w` by itself. A name bound inside `for` holds for that turn.
//!
//! # What it does
//!
//! - [`Transcript::parse`]: unknown syntax is an error with its place, never ignored; [`Transcript::lint`] warns.
//! - [`Transcript::judge`]: accepts or rejects an output, and says why.
//! - [`Transcript::count`], [`Transcript::sample`], [`Transcript::neutral`], [`Transcript::picture`]: how many legal
//!   outputs there are, one of them, the one that the file spells, all of them drawn.
//! - [`Transcript::audit`]: whether the transcript is as strict as it looks.
//! - [`Transcript::bless`], [`Transcript::draft`]: a transcript from real outputs.

mod audit;
mod error;
mod judge;
mod legal;
mod lint;
mod model;
mod read;
mod write;

pub use audit::Audit;
pub use error::ParseError;
pub use judge::{Accepted, Fault, FaultKind, Rejected, Timing, Verdict};
pub use legal::Count;
pub use lint::Lint;
pub use model::{Edge, Event, Reason, Times, Transcript};
pub use write::Blessed;
