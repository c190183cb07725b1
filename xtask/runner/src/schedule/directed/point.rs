//! What a thread is about to do when it is held: a reported call, read with its arguments.

use std::io;
use std::time::Duration;

use nix::libc;

use super::futex::{self, Futex};
use super::memory::Memory;
use super::numbers;
use super::polled::Polled;
use super::seccomp::Call;
use super::time::Now;
use crate::pidfd;

/// What a reported call tells about its thread.
#[derive(Debug)]
pub(super) enum Report {
    /// It is at a point.
    At(Point),
    /// It starts a thread. Its next reported call is [`Point::Spawned`].
    Spawns,
    /// It polls a descriptor, and does not wait.
    QuickPoll,
    /// Its process begins to run another program.
    Program,
}

/// A place where a thread of the run can be held.
#[derive(Debug)]
pub(super) enum Point {
    /// It has been made and has done nothing yet. Or it has begun to run another program.
    Begin,
    /// It prints this to its stdout or stderr, which need not be the run's stdout.
    Print(Vec<u8>),
    /// The director has printed its text, and the call returns this number. No call is reported here: it is the one
    /// that was at `Print`.
    Return(i64),
    /// It sleeps for this long.
    Sleep(Duration),
    /// It waits until another thread wakes a futex.
    Wait(FutexWait),
    /// It wakes this many waiters, at most.
    Wake {
        futex: Futex,
        most: u32,
    },
    /// It waits for an event of a descriptor, perhaps with a timeout.
    Poll(Polled, Option<Duration>),
    Signal(Sent),
    /// It has started a thread, or it only changes the signals that it blocks.
    Spawned,
    /// Its process ends.
    Exit,
}

impl Point {
    /// How long the call takes, if it is a sleep or a wait with a timeout.
    pub(super) fn length(&self) -> Option<Duration> {
        match self {
            Self::Sleep(length) => Some(*length),
            Self::Wait(FutexWait { timeout, .. }) | Self::Poll(_, timeout) => *timeout,
            _ => None,
        }
    }

    pub(super) fn waits_for(&self, futex: Futex) -> bool {
        matches!(self, Self::Wait(wait) if wait.futex == futex)
    }
}

/// A wait for a futex.
#[derive(Debug)]
pub(super) struct FutexWait {
    pub(super) futex: Futex,
    memory: Memory,
    address: u64,
    /// What the thread has seen in the word.
    expected: u32,
    timeout: Option<Duration>,
}

impl FutexWait {
    /// Whether the word has changed, so that the thread need not wait. Also if it cannot be read any more.
    pub(super) fn has_changed(&self) -> bool {
        self.memory.word(self.address).ok() != Some(self.expected)
    }
}

/// A signal that is sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) signal: i32,
    /// The process or the thread; 0 or less for a process group. None if it is not known.
    pub(super) to: Option<i32>,
}

/// What the call tells. None if it is of no interest.
///
/// # Errors
///
/// The memory of the process cannot be read.
pub(super) fn read(call: &Call, pid: i32, now: Now) -> io::Result<Option<Report>> {
    let [first, second, third, ..] = call.arguments;
    let memory = || Memory::of(call.tid);
    let point = match call.number {
        numbers::PROGRAM => return Ok(Some(Report::Program)),
        // The filter reports it for threads only.
        numbers::CLONE => return Ok(Some(Report::Spawns)),
        numbers::CLONE3 => {
            // The flags are the first field of the structure. A process that is started is held at its beginning only.
            let is_thread = memory()?.word(first)? & libc::CLONE_THREAD as u32 != 0;
            return Ok(is_thread.then_some(Report::Spawns));
        }
        numbers::BEGIN => Some(Point::Begin),
        numbers::SIGNAL_MASK => Some(Point::Spawned),
        numbers::EXIT => Some(Point::Exit),
        libc::SYS_write => Some(Point::Print(memory()?.bytes(second, third)?)),
        libc::SYS_writev => Some(Point::Print(memory()?.gathered(second, third)?)),
        numbers::FUTEX => Some(futex_point(call, memory()?, pid, now)?),
        numbers::SLEEP => sleep_point(memory()?.time(first)?),
        numbers::CLOCK_SLEEP if second as i32 & libc::TIMER_ABSTIME != 0 => {
            // The kernel must not make this sleep, however short: its clock is not the program's.
            let moment = memory()?.time(third)?;
            moment.map(|moment| Point::Sleep(until(moment, first as i32, now)))
        }
        numbers::CLOCK_SLEEP => sleep_point(memory()?.time(third)?),
        numbers::RECEIVE => receive_point(call, pid)?,
        numbers::PPOLL => return poll_report(call, memory()?.time(third)?),
        number if let Some((_, at)) = numbers::polls().find(|(poll, _)| *poll == number) => {
            let timeout = u64::try_from(call.arguments[at] as i32).ok();
            return poll_report(call, timeout.map(Duration::from_millis));
        }
        number if numbers::SIGNALS.contains(&number) => signal_point(call, pid),
        _ => None,
    };
    Ok(point.map(Report::At))
}

/// A sleep of no length is none.
fn sleep_point(length: Option<Duration>) -> Option<Point> {
    length.filter(|length| !length.is_zero()).map(Point::Sleep)
}

fn futex_point(call: &Call, memory: Memory, pid: i32, now: Now) -> io::Result<Point> {
    let [address, operation, value, timeout, ..] = call.arguments;
    let operation = operation as i32;
    let futex = futex::identify(pid, address, operation & libc::FUTEX_PRIVATE_FLAG != 0);
    let command = operation & numbers::OPERATION;
    if numbers::WAKES.contains(&command) {
        return Ok(Point::Wake { futex, most: value as u32 });
    }
    let is_real = operation & libc::FUTEX_CLOCK_REALTIME != 0;
    let clock = if is_real { libc::CLOCK_REALTIME } else { libc::CLOCK_MONOTONIC };
    let timeout = memory.time(timeout)?.map(|time| match command {
        libc::FUTEX_WAIT_BITSET => until(time, clock, now),
        _ => time,
    });
    memory.word(address)?; // If it cannot be read, the kernel must look after this wait.
    Ok(Point::Wait(FutexWait { futex, memory, address, expected: value as u32, timeout }))
}

/// How long it is until a moment on one of the system's clocks.
fn until(moment: Duration, clock: i32, now: Now) -> Duration {
    moment.saturating_sub(now.by(clock).unwrap_or(now.monotonic))
}

/// A poll that waits without a timeout is held, too, so that two threads whose events have come do not go on at the
/// same time.
fn poll_report(call: &Call, timeout: Option<Duration>) -> io::Result<Option<Report>> {
    let [first, count, _, fourth, fifth, _] = call.arguments;
    let mask = match call.number {
        numbers::PPOLL => fourth,
        numbers::EPOLL_PWAIT => fifth,
        _ => 0,
    };
    // Only the kernel knows which signals end a wait that has a mask of its own.
    if timeout.is_none() && mask != 0 {
        return Ok(None);
    }
    if timeout.is_some_and(|timeout| timeout.is_zero()) {
        return Ok(Some(Report::QuickPoll));
    }
    let polled = match call.number {
        numbers::EPOLL_PWAIT => Polled::epoll(first as i32),
        number if Some(number) == numbers::EPOLL_WAIT => Polled::epoll(first as i32),
        _ => Polled::poll(call.tid, first, count)?,
    };
    Ok(Some(Report::At(Point::Poll(polled, timeout))))
}

/// To receive is a point if the socket has a timeout and nothing has come.
fn receive_point(call: &Call, pid: i32) -> io::Result<Option<Point>> {
    let [socket, _, _, flags, ..] = call.arguments;
    if flags as i32 & libc::MSG_DONTWAIT != 0 {
        return Ok(None);
    }
    let polled = Polled::receive(pid, socket as i32)?;
    Ok(polled.map(|(polled, timeout)| Point::Poll(polled, Some(timeout))))
}

fn signal_point(call: &Call, pid: i32) -> Option<Point> {
    let [first, second, third, ..] = call.arguments;
    let (signal, to) = match call.number {
        libc::SYS_tgkill => (third, Some(first as i32)),
        libc::SYS_pidfd_send_signal => (second, pidfd::process_of(pid, first as i32)),
        _ => (second, Some(first as i32)),
    };
    // Signal 0 only asks whether a process exists.
    (signal != 0).then_some(Point::Signal(Sent { signal: signal as i32, to }))
}
