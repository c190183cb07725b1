//! The bare system: what a limit is made of.
//!
//! Nothing here is meant for use. It shows how far one could go without what `shared` has beyond it: handles, errors,
//! values of any type.

mod futex;
mod mapping;
mod mutex;
mod process;
mod ring;
mod thread;

pub use futex::Event;
pub use mapping::Mapping;
pub use mutex::Mutex;
pub use process::{Forked, fork, pin};
pub use ring::Ring;
pub use thread::start_and_join;
