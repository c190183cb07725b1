//! How much memory does a process have for itself?

use std::fs;

use shared::{Error, Result, lesson};

/// A process's memory in KiB, as /proc/self/smaps_rollup has it. Only memory that has been written to counts.
pub(crate) struct Memory {
    /// Not shared with any other process.
    pub(crate) own: u32,
    /// Shared with a parent or a child: neither has written to it since the fork.
    pub(crate) shared: u32,
}

impl Memory {
    /// The memory of the process that calls.
    pub(crate) fn of_this_process() -> Result<Self> {
        let Ok(rollup) = fs::read_to_string("/proc/self/smaps_rollup") else {
            return Err(lesson::skip(
                "/proc/self/smaps_rollup is missing: use Linux 4.14 or later",
            ));
        };
        Ok(Self {
            own: field(&rollup, "Private_Dirty:")?,
            shared: field(&rollup, "Shared_Dirty:")?,
        })
    }
}

/// The page tables of the process that calls, in KiB: they say where in the machine's memory each page is.
pub(crate) fn page_tables() -> Result<u32> {
    field(&fs::read_to_string("/proc/self/status")?, "VmPTE:")
}

/// The number after a name, as in `Private_Dirty:     112 kB`.
fn field(text: &str, name: &str) -> Result<u32> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB"));
    value.ok_or_else(|| Error::other(format!("no {name}")))?.parse().map_err(Error::other)
}
