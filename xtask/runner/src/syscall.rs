//! The system call in which a thread waits, as the kernel shows it.

use std::fs;

/// The number and the arguments of a call. See proc_pid_syscall(5).
#[derive(Debug, Default)]
pub(crate) struct Syscall {
    /// None if the thread runs, or if its call may not be read. Negative if it waits, but not in a call.
    pub(crate) number: Option<i64>,
    pub(crate) arguments: Vec<u64>,
}

impl Syscall {
    pub(crate) fn of(tid: i32) -> Self {
        Self::read(&fs::read_to_string(format!("/proc/{tid}/syscall")).unwrap_or_default())
    }

    /// What the kernel's file says.
    pub(crate) fn read(text: &str) -> Self {
        let mut words = text.split_ascii_whitespace();
        let number = words.next().and_then(|number| number.parse().ok());
        let argument = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok();
        Self { number, arguments: words.filter_map(argument).collect() }
    }

    /// Zero if it has no such argument.
    pub(crate) fn argument(&self, at: usize) -> u64 {
        self.arguments.get(at).copied().unwrap_or_default()
    }
}
