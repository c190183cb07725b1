//! What a thread is about to do when it is held: a reported call, read with its arguments.

use std::io;
use std::time::Duration;

use nix::libc;
use rustix::time::{ClockId, clock_gettime};

use super::futex::{self, Futex};
use super::memory::Memory;
use super::numbers;
use super::polled::Polled;
use super::seccomp::Call;

/// A place where a thread of the run can be held.
#[derive(Debug)]
pub(super) enum Point {
    /// It has been made and has done nothing yet.
    Begin,
    /// It prints this to its stdout or stderr, which need not be the run's stdout.
    Print(Vec<u8>),
    /// The director has printed its text, and the call returns this number.
    Return(i64),
    Sleep,
    /// It waits until another thread wakes the futex, unless the word has changed from this value.
    Wait {
        futex: Futex,
        address: u64,
        expected: u32,
    },
    /// It wakes this many waiters, at most.
    Wake {
        futex: Futex,
        most: u32,
    },
    Poll(Polled),
    Signal,
    /// Its process ends. The director never holds it there.
    Exit,
}

/// When a sleep or a wait with a timeout is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timeout {
    /// How long it takes from the call on.
    pub(super) length: Duration,
    /// The moment, by the monotonic clock.
    pub(super) moment: Duration,
}

impl Timeout {
    fn after(length: Duration) -> Self {
        Self { length, moment: now(ClockId::Monotonic).saturating_add(length) }
    }

    /// At a moment of one of the system's clocks.
    fn at(moment: Duration, clock: i32) -> Self {
        if clock == libc::CLOCK_REALTIME {
            return Self::after(moment.saturating_sub(now(ClockId::Realtime)));
        }
        Self { length: moment.saturating_sub(now(ClockId::Monotonic)), moment }
    }
}

pub(super) fn now(clock: ClockId) -> Duration {
    let now = clock_gettime(clock);
    Duration::new(now.tv_sec.cast_unsigned(), now.tv_nsec as u32)
}

/// The point, and the timeout if it is a wait with one. None if the call is of no interest.
///
/// # Errors
///
/// The memory of the process cannot be read.
pub(super) fn read(call: &Call, pid: i32) -> io::Result<Option<(Point, Option<Timeout>)>> {
    let [first, second, third, ..] = call.arguments;
    let memory = || Memory::of(call.tid);
    let point = match call.number {
        numbers::BEGIN => Point::Begin,
        numbers::EXIT => Point::Exit,
        libc::SYS_write => Point::Print(memory()?.bytes(second, third)?),
        libc::SYS_writev => Point::Print(memory()?.gathered(second, third)?),
        numbers::FUTEX => return read_futex(call, &memory()?, pid).map(Some),
        numbers::SLEEP => return Ok(sleep(memory()?.time(first)?.map(Timeout::after))),
        numbers::CLOCK_SLEEP => {
            let time = memory()?.time(third)?;
            let is_absolute = second as i32 & libc::TIMER_ABSTIME != 0;
            let timeout = |time| match is_absolute {
                true => Timeout::at(time, first as i32),
                false => Timeout::after(time),
            };
            return Ok(sleep(time.map(timeout)));
        }
        numbers::PPOLL => return read_poll(call, memory()?.time(third)?),
        number if Some(number) == numbers::POLL => {
            let timeout = u64::try_from(third as i32).ok().map(Duration::from_millis);
            return read_poll(call, timeout);
        }
        number if numbers::SIGNALS.contains(&number) => {
            // Signal 0 only asks whether a process exists.
            let signal = if number == libc::SYS_tgkill { third } else { second };
            return Ok((signal != 0).then_some((Point::Signal, None)));
        }
        _ => return Ok(None),
    };
    Ok(Some((point, None)))
}

fn sleep(timeout: Option<Timeout>) -> Option<(Point, Option<Timeout>)> {
    let timeout = timeout.filter(|timeout| !timeout.length.is_zero())?;
    Some((Point::Sleep, Some(timeout)))
}

fn read_futex(call: &Call, memory: &Memory, pid: i32) -> io::Result<(Point, Option<Timeout>)> {
    let [address, operation, value, timeout, ..] = call.arguments;
    let operation = operation as i32;
    let futex = futex::identify(pid, address, operation & libc::FUTEX_PRIVATE_FLAG != 0);
    let command = operation & numbers::OPERATION;
    if numbers::WAKES.contains(&command) {
        return Ok((Point::Wake { futex, most: value as u32 }, None));
    }
    let is_real = operation & libc::FUTEX_CLOCK_REALTIME != 0;
    let clock = if is_real { libc::CLOCK_REALTIME } else { libc::CLOCK_MONOTONIC };
    let timeout = memory.time(timeout)?.map(|time| match command {
        libc::FUTEX_WAIT_BITSET => Timeout::at(time, clock),
        _ => Timeout::after(time),
    });
    memory.word(address)?; // If it cannot be read, the kernel must look after this wait.
    Ok((Point::Wait { futex, address, expected: value as u32 }, timeout))
}

/// A poll is a point if it has a timeout, and may wait for it.
fn read_poll(
    call: &Call,
    timeout: Option<Duration>,
) -> io::Result<Option<(Point, Option<Timeout>)>> {
    let Some(timeout) = timeout.filter(|timeout| !timeout.is_zero()) else {
        return Ok(None);
    };
    let [address, count, ..] = call.arguments;
    let polled = Polled::read(call.tid, address, count)?;
    Ok(Some((Point::Poll(polled), Some(Timeout::after(timeout)))))
}
