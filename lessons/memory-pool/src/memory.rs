//! What Linux says about the memory of this process.

use std::fs::File;
use std::io::Read;
use std::ops::Range;

use shared::{Error, Result, lesson};

/// Reads files of `/proc`. It has all the memory that it needs, so it does not allocate while it observes.
pub(crate) struct Memory {
    text: String,
}

/// How much memory the process has.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// The addresses of the heap. The system call `brk` moves its end.
    pub(crate) heap: Range<usize>,
    /// The bytes in all other mappings. The system calls `mmap` and `munmap` change it.
    pub(crate) mapped: usize,
}

impl Memory {
    pub(crate) fn new() -> Result<Self> {
        if !cfg!(all(target_os = "linux", target_env = "gnu")) {
            return Err(lesson::skip(
                "the figures are those of glibc's malloc; play this scene on Linux with glibc",
            ));
        }
        Ok(Self { text: String::with_capacity(1 << 16) })
    }

    /// From the file with a line for each mapping, such as `7f10-7f20 rw-p 0 00:00 0  [heap]`.
    pub(crate) fn size(&mut self) -> Result<Size> {
        let mut size = Size { heap: 0..0, mapped: 0 };
        for line in self.read("/proc/self/maps")?.lines() {
            let mut addresses = line.split(['-', ' ']).map(|word| usize::from_str_radix(word, 16));
            let (Some(Ok(start)), Some(Ok(end))) = (addresses.next(), addresses.next()) else {
                return Err(Error::other(format!("not a mapping: {line}")));
            };
            match line.ends_with("[heap]") {
                true => size.heap = start..end,
                false => size.mapped += end - start,
            }
        }
        Ok(size)
    }

    /// How often the process touched a page that it had, but that the kernel had not filled yet.
    pub(crate) fn page_faults(&mut self) -> Result<u64> {
        // The tenth field. The second one is the program's name in parentheses, which may contain blanks.
        let text = self.read("/proc/self/stat")?;
        let faults = text.rsplit(')').next().and_then(|fields| fields.split_whitespace().nth(7));
        faults
            .and_then(|faults| faults.parse().ok())
            .ok_or_else(|| Error::other("/proc/self/stat has no tenth field"))
    }

    fn read(&mut self, path: &str) -> Result<&str> {
        self.text.clear();
        File::open(path)?.read_to_string(&mut self.text)?;
        Ok(&self.text)
    }
}
