//! Makes a process read the time of the run: the clock of its vDSO is replaced.
//!
//! A program does not call the kernel to read a clock. It calls one of some functions that the kernel has mapped into
//! its memory, and that read shared data; see vdso(7). In a process of a directed run these functions return what the
//! director has written beside the first of them. So the time between two steps means nothing to the program, and it
//! meets the same timeouts in each run. Clocks that count processor time are left alone, and so is what clock_getres
//! tells.

mod code;

use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use self::code::{CLOCK, FUNCTIONS, SIZE_OF_TIMES};
use super::super::memory::Memory;
use super::now::Now;
use crate::processes;

/// The clock that one process reads.
#[derive(Debug)]
pub(super) struct ProcessClock {
    memory: Memory,
    /// Where the times are.
    address: u64,
}

impl ProcessClock {
    /// Replaces the clock of a process all of whose threads are held or asleep.
    ///
    /// # Errors
    ///
    /// The process has ended, or its memory cannot be written.
    pub(super) fn replace(pid: i32, now: Now) -> io::Result<Self> {
        let start = vdso(pid)?.0;
        let places = places()?;
        let memory = Memory::of(pid)?;
        let times = places[0] + CLOCK.code.len() as u64;
        for (function, place) in FUNCTIONS.iter().zip(places) {
            memory.write(start + place, &function.with_times(times.wrapping_sub(place)))?;
        }
        let clock = Self { memory, address: start + times };
        clock.set(now)?;
        Ok(clock)
    }

    /// # Errors
    ///
    /// The process has ended.
    pub(super) fn set(&self, now: Now) -> io::Result<()> {
        self.memory.write(self.address, &bytes_of(now))
    }
}

/// As the code reads them: seconds and nanoseconds of the real-time clock and of the monotonic one, and the
/// microseconds of the first.
fn bytes_of(Now { real, monotonic }: Now) -> Vec<u8> {
    let nanoseconds = |time: Duration| time.subsec_nanos().into();
    let numbers = [
        real.as_secs(),
        nanoseconds(real),
        monotonic.as_secs(),
        nanoseconds(monotonic),
        real.subsec_micros().into(),
    ];
    numbers.map(u64::to_ne_bytes).concat()
}

/// Whether the clocks of processes can be replaced here.
///
/// # Errors
///
/// The kernel has no such function, or does not let a process write to it. Then the first run would find out, too late.
pub(crate) fn try_to_replace_clocks() -> io::Result<()> {
    let own = std::process::id().cast_signed();
    let function = vdso(own)?.0 + places()?[0];
    let memory = Memory::of(own)?;
    let first = memory.bytes(function, 1)?;
    memory.write(function, &first)
}

/// Where a process has its vDSO: from the first address up to the second one.
fn vdso(pid: i32) -> io::Result<(u64, u64)> {
    let maps = processes::text(&format!("/proc/{pid}/maps"))?;
    let line = maps.lines().find(|line| line.ends_with("[vdso]"));
    let range = line.and_then(|line| line.split_ascii_whitespace().next()?.split_once('-'));
    let address = |word| u64::from_str_radix(word, 16).ok();
    range.and_then(|(start, end)| Some((address(start)?, address(end)?))).ok_or_else(missing)
}

/// How far the functions are from the beginning. All processes have the same vDSO as this one.
fn places() -> io::Result<[u64; FUNCTIONS.len()]> {
    static PLACES: OnceLock<Option<[u64; FUNCTIONS.len()]>> = OnceLock::new();
    let find = || {
        let own = std::process::id().cast_signed();
        let (start, end) = vdso(own).ok()?;
        let image = Memory::of(own).ok()?.bytes(start, end - start).ok()?;
        let mut places = [0; FUNCTIONS.len()];
        for (place, function) in places.iter_mut().zip(FUNCTIONS) {
            let (its, size) = symbol(&image, function.name)?;
            let times = if function.name == CLOCK.name { SIZE_OF_TIMES } else { 0 };
            *place = (size >= function.code.len() as u64 + times).then_some(its)?;
        }
        Some(places)
    };
    PLACES.get_or_init(find).ok_or_else(missing)
}

fn missing() -> io::Error {
    let names = FUNCTIONS.iter().map(|function| function.name).collect::<Vec<_>>().join(", ");
    io::Error::other(format!("the kernel's vDSO lacks one of {names}"))
}

/// The place of a symbol in the image of a shared object, and its size. See elf(5).
fn symbol(image: &[u8], name: &str) -> Option<(u64, u64)> {
    let number = |at: u64, size: usize| {
        let bytes = image.get(at as usize..at as usize + size)?;
        let mut number = [0; 8];
        number[..size].copy_from_slice(bytes);
        Some(u64::from_le_bytes(number))
    };
    let word = |at| number(at, 8);
    let headers = word(32)?;
    let count = number(56, 2)?;
    let header = |at: u64| headers + 56 * at;
    let dynamic = (0..count).map(header).find(|header| number(*header, 4) == Some(PT_DYNAMIC))?;
    let dynamic = word(dynamic + 16)?;
    let entry = |tag| {
        let mut entries = (0..).map(|at| dynamic + 16 * at);
        let entry = entries.find(|entry| word(*entry).is_none_or(|its| its == tag || its == 0))?;
        word(entry).filter(|its| *its == tag).and(word(entry + 8))
    };
    // The names come directly behind the symbols.
    let (names, symbols) = (entry(DT_STRTAB)?, entry(DT_SYMTAB)?);
    let mut symbols = (symbols..names).step_by(24);
    symbols.find_map(|symbol| {
        let its = image.get((names + number(symbol, 4)?) as usize..)?;
        (its.starts_with(name.as_bytes()) && its.get(name.len()) == Some(&0))
            .then_some((word(symbol + 8)?, word(symbol + 16)?))
    })
}

const PT_DYNAMIC: u64 = 2;
const DT_STRTAB: u64 = 5;
const DT_SYMTAB: u64 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_can_be_replaced_here() {
        try_to_replace_clocks().unwrap();
        assert_eq!(symbol(b"\x7fELF", CLOCK.name), None);
    }
}
