//! The names of a run's threads: which thread of the kernel has which name.

use std::collections::HashMap;
use std::process;

use super::super::look::Look;
use crate::direct::Name;

/// All names that were ever given, by the threads' numbers.
#[derive(Debug)]
pub(super) struct Names {
    names: HashMap<i32, Name>,
    /// How many threads and children each process has made.
    made: HashMap<i32, u32>,
    orphans: u32,
}

impl Names {
    /// The run of this program.
    pub(super) fn of(leader: i32) -> Self {
        Self { names: [(leader, Name::leader())].into(), made: HashMap::new(), orphans: 0 }
    }

    pub(super) fn get(&self, tid: i32) -> Option<&Name> {
        self.names.get(&tid)
    }

    /// Names the threads that have none yet. The threads and children of a process are counted in the order of their
    /// births.
    pub(super) fn give(&mut self, look: &Look) {
        let unnamed = look.iter().filter(|(tid, _)| !self.names.contains_key(tid));
        let mut unnamed: Vec<_> = unnamed.map(|(tid, seen)| (tid, seen.maker)).collect();
        // Numbers grow from birth to birth. At the highest one they begin again: then they are lower than the maker's.
        unnamed.sort_unstable_by_key(|(tid, maker)| (tid < maker, *tid));
        // A thread gets its name after its maker.
        while !unnamed.is_empty() {
            let before = unnamed.len();
            unnamed.retain(|(tid, maker)| {
                let name = self.new_name(*maker);
                self.names.extend(name.map(|name| (*tid, name)));
                !self.names.contains_key(tid)
            });
            if unnamed.len() == before {
                return;
            }
        }
    }

    /// None if the maker has no name yet.
    fn new_name(&mut self, maker: i32) -> Option<Name> {
        if maker != process::id().cast_signed() {
            let name = self.names.get(&maker)?;
            let made = self.made.entry(maker).or_default();
            *made += 1;
            return Some(name.child(*made - 1));
        }
        // Its parent has died, and it is the supervisor's child now.
        self.orphans += 1;
        Some(Name::orphan(self.orphans - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::seen::Seen;
    use super::*;

    #[test]
    fn names_follow_the_births_though_numbers_begin_again() {
        let look = |threads: &[(i32, i32)]| -> Look {
            threads.iter().map(|(tid, maker)| (*tid, Seen::held(*tid, *maker))).collect()
        };
        let mut names = Names::of(32_000);
        names.give(&look(&[(300, 32_000), (32_767, 32_000), (301, 300)]));
        names.give(&look(&[(302, 32_000)]));
        let said = [32_000, 32_767, 300, 301, 302].map(|tid| names.get(tid).unwrap().to_string());
        assert_eq!(said, ["0", "0.1", "0.2", "0.2.1", "0.3"]);
        let supervisor = process::id().cast_signed();
        names.give(&look(&[(7, supervisor)]));
        assert_eq!(names.get(7).unwrap().to_string(), "1", "its maker has died");
    }
}
