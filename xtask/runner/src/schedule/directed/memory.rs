//! Reads the memory of a thread that is held, through /proc/TID/mem.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::time::Duration;

/// The memory of a process of the run.
#[derive(Debug)]
pub(super) struct Memory(File);

/// The most bytes of one call that are read: a pipe does not take more at once.
const MOST: u64 = 1 << 20;

impl Memory {
    /// # Errors
    ///
    /// The process has ended, or it is another user's, or does not let itself be read.
    pub(super) fn of(tid: i32) -> io::Result<Self> {
        OpenOptions::new().read(true).write(true).open(format!("/proc/{tid}/mem")).map(Self)
    }

    pub(super) fn bytes(&self, address: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length.min(MOST) as usize];
        self.0.read_exact_at(&mut bytes, address)?;
        Ok(bytes)
    }

    /// A number of 32 bits, as a futex is one.
    pub(super) fn word(&self, address: u64) -> io::Result<u32> {
        self.numbers(address, u32::from_ne_bytes).map(|[word]| word)
    }

    /// A `timespec`, if there is one at the address.
    pub(super) fn time(&self, address: u64) -> io::Result<Option<Duration>> {
        if address == 0 {
            return Ok(None);
        }
        let [seconds, nanoseconds] = self.whole(address)?;
        let part = |number: i64| u64::try_from(number).unwrap_or_default();
        let nanoseconds = Duration::from_nanos(part(nanoseconds));
        Ok(Some(Duration::from_secs(part(seconds)).saturating_add(nanoseconds)))
    }

    /// Whole numbers that lie side by side, such as those of a `timespec`.
    pub(super) fn whole<const COUNT: usize>(&self, address: u64) -> io::Result<[i64; COUNT]> {
        self.numbers(address, i64::from_ne_bytes)
    }

    /// Writes such numbers.
    pub(super) fn write_whole<const COUNT: usize>(
        &self,
        address: u64,
        numbers: [i64; COUNT],
    ) -> io::Result<()> {
        self.write(address, numbers.map(i64::to_ne_bytes).as_flattened())
    }

    /// The bytes of a list of `iovec`.
    pub(super) fn gathered(&self, address: u64, count: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for at in 0..count {
            let [start, length] = self.numbers(address + 16 * at, u64::from_ne_bytes)?;
            bytes.extend(self.bytes(start, length)?);
        }
        Ok(bytes)
    }

    /// Changes bytes, even those that the process itself cannot write.
    pub(super) fn write(&self, address: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all_at(bytes, address)
    }

    fn numbers<T, const COUNT: usize, const SIZE: usize>(
        &self,
        address: u64,
        read: impl Fn([u8; SIZE]) -> T,
    ) -> io::Result<[T; COUNT]> {
        let bytes = self.bytes(address, (COUNT * SIZE) as u64)?;
        Ok(std::array::from_fn(|at| read(std::array::from_fn(|byte| bytes[at * SIZE + byte]))))
    }
}

#[cfg(test)]
mod tests {
    use nix::libc;

    use super::*;

    #[test]
    fn this_process_can_be_read() {
        let memory = Memory::of(std::process::id().cast_signed()).unwrap();
        let address = |place: &dyn std::any::Any| std::ptr::from_ref(place).addr() as u64;
        let word = 7u32;
        assert_eq!(memory.word(address(&word)).unwrap(), 7);
        let time = libc::timespec { tv_sec: 3, tv_nsec: 5 };
        assert_eq!(memory.time(address(&time)).unwrap(), Some(Duration::new(3, 5)));
        assert_eq!(memory.time(0).unwrap(), None);
        let parts = [*b"one ", *b"two "];
        let list = parts.each_ref().map(|part| [part.as_ptr().addr() as u64, 4]);
        assert_eq!(memory.gathered(address(&list), 2).unwrap(), b"one two ");
        assert!(memory.word(8).is_err(), "nothing is there");
    }
}
