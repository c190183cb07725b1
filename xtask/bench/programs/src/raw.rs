//! The bare system, of which the limits are made.
//!
//! Nothing here is meant for use. It shows how fast code could be without the features that `shared` adds: handles,
//! errors, values of any type.

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
