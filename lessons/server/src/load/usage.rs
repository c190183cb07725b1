//! How much memory, how many processes and threads?

use std::fs;

/// What a server uses: its process, and all that have come from it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Usage {
    /// In KiB: heaps and stacks. What processes share is divided among them.
    pub(crate) memory: u64,
    pub(crate) processes: u64,
    pub(crate) threads: u64,
}

impl Usage {
    /// Adds up a process and its descendants, see proc(5). One that ends meanwhile counts for nothing.
    pub(crate) fn of(pid: i32) -> Self {
        let mut sum = Self::default();
        let mut pids = vec![pid.to_string()];
        while let Some(pid) = pids.pop() {
            let Ok(memory) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else {
                continue;
            };
            let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { continue };
            sum.memory += memory.lines().find_map(share).unwrap_or(0);
            sum.processes += 1;
            for thread in threads.flatten() {
                sum.threads += 1;
                let children =
                    fs::read_to_string(thread.path().join("children")).unwrap_or_default();
                pids.extend(children.split_whitespace().map(str::to_owned));
            }
        }
        sum
    }
}

/// `Pss_Anon:    1234 kB` is the proportional set size, without what is in files, such as the program's code.
fn share(line: &str) -> Option<u64> {
    line.strip_prefix("Pss_Anon:")?.trim().strip_suffix(" kB")?.parse().ok()
}
