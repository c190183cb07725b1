//! One program, one run: a recording of what it printed and when, how it ended, and what it left behind.
//!
//! A program that forks may do anything: hang, print without end, leave a daemon in another session, kill the process
//! that watches it. A [`Runner`] starts it under a supervisor, which is a separate process, and makes a [`Recording`].
//! It shows everything that the program did. Afterwards none of the program's processes is left. No process can guard
//! itself against one thing: a program that signals the host, or every process of its user with `kill(-1, ..)`.
//!
//! ```standalone_crate
//! use std::time::Duration;
//!
//! use runner::{Cancel, Ending, Launch, Runner, Schedule};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // This call comes first: this program will be started again, as a supervisor.
//!     runner::supervise_if_asked();
//!
//!     let runner = Runner::new(Cancel::on_signals()?)?;
//!     let launch = Launch::new(["sh", "-c", "echo hello; sleep 100 &"]).deadline(Duration::from_secs(5));
//!     let recording = runner.record(&launch, &Schedule::Free)?;
//!
//!     assert_eq!(recording.ending, Ending::Code(0));
//!     assert_eq!(recording.stdout(), b"hello\n");
//!     // process 4711 was still running: sleep 100
//!     assert!(recording.leftovers[0].to_string().ends_with("was still running: sleep 100"));
//!     Ok(())
//! }
//! ```
//!
//! A [`Schedule`] disturbs a run on purpose. A [`Cancel`] ends it from another thread. Ctrl-Z stops it together with
//! the host.
//!
//! [`Runner::direct`] does not leave the order of a run to the system: the host decides which thread or process goes
//! on, each time that more than one can. The decisions are a list of numbers, and the same numbers repeat the run. This
//! needs Linux 5.19; [`Refusal::here`] says why it is impossible, if it is.
//!
//! ```standalone_crate
//! use runner::{Cancel, Choice, Direction, Launch, Runner};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     runner::supervise_if_asked();
//!     if let Some(refusal) = runner::Refusal::here() {
//!         println!("not directed: {refusal}");
//!         return Ok(());
//!     }
//!     let runner = Runner::new(Cancel::on_signals()?)?;
//!     let launch = Launch::new(["sh", "-c", "echo one & echo two & wait"]);
//!     for (number, output) in [(0, "one\ntwo\n"), (1, "two\none\n")] {
//!         let directed =
//!             runner.direct(&launch, &Direction::default(), &mut |_| Choice::Take(number))?;
//!         assert_eq!(directed.recording.stdout(), output.as_bytes());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Programs that are not lessons
//!
//! A director needs nothing from the program, which may be written in any language. This is an attack on one: its first
//! child goes on only when nothing else can happen. If the program itself keeps its order, that does no harm. `cargo
//! xtask attack` makes many such attacks, and judges each run by a transcript.
//!
//! ```standalone_crate
//! use std::time::Duration;
//!
//! use runner::{Cancel, Choice, Direction, Launch, Move, Runner, View};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     runner::supervise_if_asked();
//!     if runner::Refusal::here().is_some() {
//!         return Ok(());
//!     }
//!     let runner = Runner::new(Cancel::on_signals()?)?;
//!     // It sleeps for longer than a lesson does. All that time a thread may be held.
//!     let direction = Direction { patience: Duration::from_secs(12), ..Direction::default() };
//!     let mut others_first = |view: &View<'_>| {
//!         let is_other = |option: &Move| option.thread.to_string() != "0.1";
//!         Choice::Take(view.options.iter().position(is_other).unwrap_or_default())
//!     };
//!     // In a free run, the first child is always the faster one, so both scripts print `end` last.
//!     for (waits, output) in [("wait", "two\none\nend\n"), ("wait $!", "two\nend\none\n")] {
//!         let script = format!("(echo one) & (sleep 0.2; echo two) & {waits}; echo end");
//!         let launch = Launch::new(["sh", "-c", &script])
//!             .directory(".") // Not in a folder of its own.
//!             .linger(Duration::from_secs(2)); // A helper need not be waited for.
//!         let directed = runner.direct(&launch, &direction, &mut others_first)?;
//!         assert_eq!(String::from_utf8(directed.recording.stdout())?, output);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! What matters for another program:
//!
//! - The director holds what a process or a thread writes to the run's stdout through its descriptor 1 or 2. C and
//!   Python collect what they print to a pipe, and write several lines at once, or half a line.
//! - Sleeps and timeouts take no time, since the clock that the program reads is set to their end. A timeout ends only
//!   when nothing else can happen. But the timers of the kernel, such as `alarm` and `timerfd`, and the timeout of
//!   `select` take as long as they say.
//! - If two threads race on memory without a system call, the director sees nothing of it.
//!
//! # Inside
//!
//! The code has two sides, which exchange messages (`message`). The host's side is `runner`, with `cancel`, `signals`,
//! `suspension`, `heartbeat` and `stress`. The supervisor's side is `supervisor`, with `schedule`, `census`, `others`,
//! `waits` and `syscall`. Both sides look at processes (`processes`, `mark`), and for things that a run leaves behind
//! (`leftover`), and know the words of a directed run (`direct`).

mod cancel;
mod census;
mod cores;
mod direct;
mod error;
mod escape;
mod exit;
mod folder;
mod heartbeat;
mod launch;
mod leftover;
mod mark;
mod message;
mod others;
mod pidfd;
mod processes;
mod recording;
mod runner;
mod schedule;
mod signals;
mod stress;
mod supervisor;
mod suspension;
mod syscall;
mod waits;

pub use self::cancel::Cancel;
pub use self::census::Process;
pub use self::direct::{Act, Blocked, Choice, Directed, Direction, Move, Name, Step, View};
pub use self::error::Error;
pub use self::escape::{escaped, escaped_lines};
pub use self::exit::Exit;
pub use self::launch::Launch;
pub use self::leftover::{Leftover, SystemV};
pub use self::recording::{Ending, Line, Recording, Stream};
pub use self::runner::Runner;
pub use self::schedule::{Refusal, Schedule};
pub use self::stress::Stress;
pub use self::supervisor::{MOST_BYTES, MOST_LINES, supervise_if_asked};
pub use self::waits::{Waiting, WaitsFor};
