//! Makes a process read the time of the run: the clock of its vDSO is replaced.
//!
//! A program does not call the kernel to read a clock. It calls a function that the kernel has mapped into its memory,
//! which reads shared data; see vdso(7). In a process of a directed run this function returns what the director has
//! written beside it. So the time between two steps means nothing to the program, and it meets the same timeouts in each
//! run. Clocks that count processor time are left alone.

use std::fs;
use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::memory::Memory;

/// What a run's monotonic clock shows at its start: a machine that has been up for some days.
const UPTIME: Duration = Duration::from_secs(1_000_000);

/// The time of a run, by the clocks that a program can read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub(super) monotonic: Duration,
    pub(super) real: Duration,
}

impl Now {
    /// When a run starts. Its monotonic clock, whose beginning means nothing, shows the same in each run: some programs
    /// make random numbers of it.
    pub(super) fn at_the_start() -> Self {
        let real = clock_gettime(ClockId::Realtime);
        Self {
            monotonic: UPTIME,
            real: Duration::new(real.tv_sec.cast_unsigned(), real.tv_nsec as u32),
        }
    }

    pub(super) fn after(self, time: Duration) -> Self {
        Self {
            monotonic: self.monotonic.saturating_add(time),
            real: self.real.saturating_add(time),
        }
    }

    /// As the code reads it: seconds and nanoseconds, first of the real-time clock.
    fn bytes(self) -> Vec<u8> {
        let parts = [self.real, self.monotonic].map(|time| {
            [time.as_secs().to_ne_bytes(), u64::from(time.subsec_nanos()).to_ne_bytes()].concat()
        });
        parts.concat()
    }
}

/// The clock of a process.
#[derive(Debug)]
pub(super) struct Clock {
    memory: Memory,
    /// Where the times are.
    address: u64,
}

impl Clock {
    /// Replaces the clock of a process all of whose threads are held or asleep.
    ///
    /// # Errors
    ///
    /// The process has ended, or its memory cannot be written.
    pub(super) fn replace(pid: i32, now: Now) -> io::Result<Self> {
        let function = vdso(pid)?.0 + place()?;
        let memory = Memory::of(pid)?;
        memory.write(function, CODE)?;
        let clock = Self { memory, address: function + CODE.len() as u64 };
        clock.set(now)?;
        Ok(clock)
    }

    /// # Errors
    ///
    /// The process has ended.
    pub(super) fn set(&self, now: Now) -> io::Result<()> {
        self.memory.write(self.address, &now.bytes())
    }
}

/// Whether clocks can be replaced here.
///
/// # Errors
///
/// The kernel has no such function, or does not let a process write to it. Then the first run would find out, too late.
pub(super) fn try_it() -> io::Result<()> {
    let own = std::process::id().cast_signed();
    let function = vdso(own)?.0 + place()?;
    let memory = Memory::of(own)?;
    let first = memory.bytes(function, 1)?;
    memory.write(function, &first)
}

/// Where a process has its vDSO: from the first address up to the second one.
fn vdso(pid: i32) -> io::Result<(u64, u64)> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let line = maps.lines().find(|line| line.ends_with("[vdso]"));
    let range = line.and_then(|line| line.split_ascii_whitespace().next()?.split_once('-'));
    let address = |word| u64::from_str_radix(word, 16).ok();
    range.and_then(|(start, end)| Some((address(start)?, address(end)?))).ok_or_else(missing)
}

/// How far the function is from the beginning. All processes have the same vDSO as this one.
fn place() -> io::Result<u64> {
    static PLACE: OnceLock<Option<u64>> = OnceLock::new();
    let find = || {
        let own = std::process::id().cast_signed();
        let (start, end) = vdso(own).ok()?;
        let image = Memory::of(own).ok()?.bytes(start, end - start).ok()?;
        let (place, size) = symbol(&image, NAME)?;
        (size >= CODE.len() as u64 + 32).then_some(place)
    };
    PLACE.get_or_init(find).ok_or_else(missing)
}

fn missing() -> io::Error {
    io::Error::other(format!("the kernel's vDSO has no {NAME}"))
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

#[cfg(target_arch = "x86_64")]
const NAME: &str = "__vdso_clock_gettime";
/// The times follow directly.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const CODE: &[u8] = &[
    0x83, 0xff, 0x07,                         //        cmp $7, %edi       # 8 and more: alarms, and clocks of processes
    0x77, 0x2d,                               //        ja real
    0x8d, 0x47, 0xfe,                         //        lea -2(%rdi), %eax # 2 and 3: processor time
    0x83, 0xf8, 0x01,                         //        cmp $1, %eax
    0x76, 0x25,                               //        jbe real
    0x48, 0x8d, 0x15, 0x2c, 0x00, 0x00, 0x00, //        lea times(%rip), %rdx
    0x85, 0xff,                               //        test %edi, %edi    # 0 and 5: real time
    0x74, 0x09,                               //        je found
    0x83, 0xff, 0x05,                         //        cmp $5, %edi
    0x74, 0x04,                               //        je found
    0x48, 0x83, 0xc2, 0x10,                   //        add $16, %rdx      # 1, 4, 6 and 7: monotonic
    0x48, 0x8b, 0x02,                         // found: mov (%rdx), %rax
    0x48, 0x89, 0x06,                         //        mov %rax, (%rsi)
    0x48, 0x8b, 0x42, 0x08,                   //        mov 8(%rdx), %rax
    0x48, 0x89, 0x46, 0x08,                   //        mov %rax, 8(%rsi)
    0x31, 0xc0,                               //        xor %eax, %eax
    0xc3,                                     //        ret
    0xb8, 0xe4, 0x00, 0x00, 0x00,             // real:  mov $228, %eax
    0x0f, 0x05,                               //        syscall
    0xc3,                                     //        ret
    0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00,       //        .balign 8
]; // times:

#[cfg(not(target_arch = "x86_64"))]
const NAME: &str = "__kernel_clock_gettime";
/// The times follow directly. The same as for x86-64.
#[cfg(not(target_arch = "x86_64"))]
#[rustfmt::skip]
const CODE: &[u8] = &[
    0x1f, 0x1c, 0x00, 0x71, //        cmp  w0, #7
    0xa8, 0x01, 0x00, 0x54, //        b.hi real
    0x02, 0x08, 0x00, 0x51, //        sub  w2, w0, #2
    0x5f, 0x04, 0x00, 0x71, //        cmp  w2, #1
    0x49, 0x01, 0x00, 0x54, //        b.ls real
    0xa2, 0x01, 0x00, 0x10, //        adr  x2, times
    0x80, 0x00, 0x00, 0x34, //        cbz  w0, found
    0x1f, 0x14, 0x00, 0x71, //        cmp  w0, #5
    0x40, 0x00, 0x00, 0x54, //        b.eq found
    0x42, 0x40, 0x00, 0x91, //        add  x2, x2, #16
    0x43, 0x10, 0x40, 0xa9, // found: ldp  x3, x4, [x2]
    0x23, 0x10, 0x00, 0xa9, //        stp  x3, x4, [x1]
    0x00, 0x00, 0x80, 0x52, //        mov  w0, #0
    0xc0, 0x03, 0x5f, 0xd6, //        ret
    0x28, 0x0e, 0x80, 0xd2, // real:  mov  x8, #113
    0x01, 0x00, 0x00, 0xd4, //        svc  #0
    0xc0, 0x03, 0x5f, 0xd6, //        ret
    0x1f, 0x20, 0x03, 0xd5, //        nop
]; // times:

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_can_be_replaced_here() {
        try_it().unwrap();
        assert_eq!(symbol(b"\x7fELF", NAME), None);
    }
}
