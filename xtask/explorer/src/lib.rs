//! Plays every schedule of a small program of threads.
//!
//! The program is compiled with another std in the place of std: see [`swapped`]. Its threads are coroutines, of which
//! one runs at a time. Each step that another thread could see, such as a load, a lock or a line on stdout, begins at a
//! *point*, where the engine chooses the thread that goes on. So a schedule is a list of choices, and a depth-first
//! search over all lists plays every schedule: several hundred thousand in a second.
//!
//! ```
//! use explorer::swapped::sync::atomic::{AtomicU32, Ordering};
//! use explorer::swapped::thread;
//! use explorer::{Limits, Memory, explore};
//!
//! fn lost_update() {
//!     let counter = AtomicU32::new(0);
//!     thread::scope(|scope| {
//!         for _ in 0..2 {
//!             scope.spawn(|| {
//!                 let read = counter.load(Ordering::Relaxed);
//!                 counter.store(read + 1, Ordering::Relaxed);
//!             });
//!         }
//!     });
//!     explorer::println!("{}", counter.load(Ordering::Relaxed));
//! }
//!
//! let report = explore(lost_update, Memory::Sequential, Limits::default())?;
//! let outcomes: Vec<_> = report.outcomes.iter().map(|o| (o.output.as_str(), o.count)).collect();
//! assert_eq!(outcomes, [("2\n", 2), ("1\n", 4)]);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # What a schedule leaves out
//!
//! - Starting a thread, waiting for its end and leaving a scope are not choices: no other thread can see when they
//!   happen. Nor is cloning or dropping an `Arc`: a program must not ask how many owners there are.
//! - A thread that panics unwinds in one step, unless one of its destructors has to wait.
//! - There are no spurious wake-ups of a condition variable, and no spurious failures of `compare_exchange_weak`.
//! - Time: a timeout may end at any time, and a sleep is a yield. A thread that yields, or waits in vain, more than
//!   [`FRUITLESS`] times in a row waits until another thread has acted. [`Report::held_back`] says that it happened.
//! - A schedule of more than [`STEPS`] steps is stopped.

mod engine;
mod explore;
mod fiber;
mod memory;
mod report;
mod serve;
pub mod swapped;

pub use engine::{FRUITLESS, STEPS};
pub use explore::{Returned, ended, explore, explore_after, replay};
pub use report::{
    Blocked, Ending, Held, Incomplete, Limits, Memory, Mode, Outcome, Panic, Question, Report,
    Request, Schedule, Step, ThreadStatus,
};
pub use serve::{Scene, Sizes, serve};
// The `main` of a harness returns it, and the std of a harness does not have it.
pub use std::process::Termination;
