//! How much memory does a process have for itself?

use std::fs;

use shared::{Error, Result, lesson};

/// How much memory the calling process has written to and shares with no other process, in KiB.
pub(crate) fn own() -> Result<u32> {
    let Ok(rollup) = fs::read_to_string("/proc/self/smaps_rollup") else {
        return Err(lesson::skip("/proc/self/smaps_rollup is missing: use Linux 4.14 or later"));
    };
    field(&rollup, "Private_Dirty:")
}

/// The size of the calling process's page tables, in KiB. They say where in the machine's memory each page is.
pub(crate) fn page_tables() -> Result<u32> {
    field(&fs::read_to_string("/proc/self/status")?, "VmPTE:")
}

/// The number after a name, as in `Private_Dirty:     112 kB`.
fn field(text: &str, name: &str) -> Result<u32> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB"));
    value.ok_or_else(|| Error::other(format!("no {name}")))?.parse().map_err(Error::other)
}
