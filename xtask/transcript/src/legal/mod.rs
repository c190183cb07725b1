//! All legal outputs: how many there are, and one of them.

mod count;
mod orders;
mod outputs;
mod values;
mod walk;

pub use count::Count;
use fastrand::Rng;
pub(crate) use values::{neutral_values, random_values};
pub(crate) use walk::{AnyOrder, FileOrder, Guide, Run, Step, walk};

use crate::model::Transcript;

impl Transcript {
    /// The run that the file spells from top to bottom, with neutral values: pids 100, 101, ...
    ///
    /// Empty if the rules forbid that run.
    pub fn neutral(&self) -> Vec<String> {
        let run = walk(self, &neutral_values(self), &mut FileOrder);
        run.map(|run| run.lines).unwrap_or_default()
    }

    /// A legal output at random, or `None` if none was found.
    pub fn sample(&self, rng: &mut Rng) -> Option<Vec<String>> {
        let values = random_values(self, rng)?;
        walk(self, &values, &mut AnyOrder(rng)).map(|run| run.lines)
    }
}
