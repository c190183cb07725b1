//! All legal outputs: how many there are, and one of them.

mod automaton;
mod count;
mod counting;
mod orders;
mod outputs;
mod runs;
mod sample;
mod solve;
mod unforeseen;
mod values;
mod walk;

pub use count::{Count, NoCount};
pub(crate) use values::neutral_values;
pub(crate) use walk::{FileOrder, walk};
