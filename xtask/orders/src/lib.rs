//! Which order of a concurrent program should be tried next, and what do the runs so far show?
//!
//! A scheduler decides at each point of a run which task goes on. Here a [`Policy`] decides instead, for any
//! [`Program`] that lets others choose: real processes under a director, or a model of threads. [`explore`] makes one
//! run after the other within [`Bounds`].
//!
//! | Policy | Which order is next |
//! |---|---|
//! | [`Adversary`] | one that holds back a line or a task until nothing else can move: how one attacks an order |
//! | [`All`] | one with a move that was never made in its state, until there is none |
//! | [`RandomWalk`], [`PriorityWalk`] | a random one |
//! | [`Steer`] | one that comes nearer to a given output |
//! | [`Replay`] | the one that a list of [`Choices`] describes |
//!
//! ```
//! use std::convert::Infallible;
//! use std::ops::ControlFlow;
//!
//! use orders::{All, Bounds, Choose, Conclusion, End, Move, Program, TaskName, explore};
//!
//! /// Two tasks, each of which says its name.
//! struct Two;
//!
//! impl Program for Two {
//!     type Error = Infallible;
//!
//!     fn run(&mut self, choose: &mut Choose<'_>) -> Result<Conclusion, Infallible> {
//!         let task = |number: u32| TaskName::first().child(number);
//!         let mut left = vec![Move::print(task(1), "left"), Move::print(task(2), "right")];
//!         let mut end = End::Finished;
//!         while !left.is_empty() {
//!             let state = left.iter().map(|next| if next.task == task(1) { 1 } else { 2 }).sum();
//!             let Some(number) = choose(&left, state) else {
//!                 end = End::Stopped;
//!                 break;
//!             };
//!             left.remove(number);
//!         }
//!         Ok(Conclusion { end, fault: None, events: Vec::new() })
//!     }
//! }
//!
//! let mut all = All::default();
//! let bounds = Bounds { runs: 10, steps: 100 };
//! explore(&mut Two, &mut all, bounds, |_, _| ControlFlow::Continue(()))?;
//! assert!(all.is_complete());
//! let outputs = all.outputs(10);
//! assert_eq!(outputs.len(), 2);
//! assert_eq!(outputs[1].lines, ["right", "left"]);
//! assert_eq!(outputs[1].replay.to_string(), "1");
//! # Ok::<(), Infallible>(())
//! ```
//!
//! All of it is pure: no file, no clock, and randomness only from a seed.

mod adversary;
mod all;
mod attack;
mod automaton;
mod choices;
mod class;
mod explore;
mod graph;
mod outputs;
mod past;
mod replay;
mod run;
mod steer;
mod target;
mod task;
mod view;
mod walk;
mod wanted;

pub use adversary::Adversary;
pub use all::All;
pub use attack::{Attacks, Unattacked};
pub use choices::{Choices, NoChoices};
pub use class::Class;
pub use explore::{Bounds, Policy, Tried, explore};
pub use outputs::{Output, Shown};
pub use replay::{Divergence, Replay};
pub use run::{Choose, Conclusion, End, Program, Trace};
pub use steer::{Steer, Steered};
pub use target::Target;
pub use task::{NoTaskName, TaskName};
pub use view::{Action, Move, Printed, View};
pub use walk::{PriorityWalk, RandomWalk};
pub use wanted::Wanted;
