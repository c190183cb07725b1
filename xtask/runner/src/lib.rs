//! One program, one run: a recording of what it printed and when, how it ended, and what it left behind.
//!
//! A program that forks may do anything: hang, flood its output, leave a daemon in a session of its own, kill what
//! watches it. A [`Runner`] starts it under a supervisor, a process of its own, and makes a [`Recording`] of it. Whatever
//! the program did is in there; afterwards none of its processes is left. One thing no process can guard itself against:
//! a program that signals every process of its user, `kill(-1, ..)`, or the host itself.
//!
//! ```standalone_crate
//! use std::time::Duration;
//!
//! use runner::{Cancel, Ending, Launch, Runner, Schedule};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // First of all: this program will be started again, as a supervisor.
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
//! A run can be disturbed on purpose, see [`Schedule`]; ended from another thread, see [`Cancel`]; and it stops with the
//! host at Ctrl-Z.
//!
//! Inside there are two sides, and `message` is what they say to each other. The host's is `runner`, with `cancel`,
//! `signals`, `suspension`, `heartbeat` and `stress`. The guard's is `supervisor`, with `schedule`, `census` and `waits`.
//! Both look at processes (`processes`, `mark`) and for what a run leaves behind (`leftover`).

mod cancel;
mod census;
mod cores;
mod error;
mod escape;
mod exit;
mod folder;
mod heartbeat;
mod launch;
mod leftover;
mod mark;
mod message;
mod processes;
mod recording;
mod runner;
mod schedule;
mod signals;
mod stress;
mod supervisor;
mod suspension;
mod waits;

pub use self::cancel::Cancel;
pub use self::error::Error;
pub use self::escape::{escaped, escaped_lines};
pub use self::exit::Exit;
pub use self::launch::Launch;
pub use self::leftover::{Leftover, SystemV};
pub use self::recording::{Ending, Line, Process, Recording, Stream};
pub use self::runner::Runner;
pub use self::schedule::Schedule;
pub use self::stress::Stress;
pub use self::supervisor::{MOST_BYTES, MOST_LINES, supervise_if_asked};
pub use self::waits::{Waiting, WaitsFor};
