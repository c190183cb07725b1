//! What a thread is about to do when it is held: a reported call, read with its arguments.

use std::io;
use std::time::Duration;

use nix::libc;

use super::futex::{self, Futex};
use super::memory::Memory;
use super::numbers;
use super::polled::Polled;
use super::seccomp::Call;
use super::vdso::Now;
use crate::pidfd;

/// A place where a thread of the run can be held.
#[derive(Debug)]
pub(super) enum Point {
    /// It has been made and has done nothing yet.
    Begin,
    /// Its process begins to run another program. The director never holds it there.
    Program,
    /// It prints this to its stdout or stderr, which need not be the run's stdout.
    Print(Vec<u8>),
    /// The director has printed its text, and the call returns this number.
    Return(i64),
    Sleep,
    /// It waits until another thread wakes the futex, unless the word has changed from this value.
    Wait {
        futex: Futex,
        memory: Memory,
        address: u64,
        expected: u32,
    },
    /// It wakes this many waiters, at most.
    Wake {
        futex: Futex,
        most: u32,
    },
    /// It waits for an event of a descriptor, perhaps with a timeout.
    Poll(Polled),
    /// It looks whether there is such an event, and does not wait. The director never holds it there.
    Look,
    Signal(Sent),
    /// It starts a thread. The director never holds it there, but then at `Spawned`.
    Spawn,
    Spawned,
    /// Its process ends. The director holds it there only if it has other threads.
    Exit,
}

/// A signal that is sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) signal: i32,
    /// The process or the thread; 0 or less for a process group. None if it is not known.
    pub(super) to: Option<i32>,
}

/// How long it is until a moment on one of the system's clocks.
fn until(moment: Duration, clock: i32, now: Now) -> Duration {
    moment.saturating_sub(now.by(clock).unwrap_or(now.monotonic))
}

/// The point, and its length if it is a sleep or a wait with a timeout. None if the call is of no interest.
///
/// # Errors
///
/// The memory of the process cannot be read.
pub(super) fn read(
    call: &Call,
    pid: i32,
    now: Now,
) -> io::Result<Option<(Point, Option<Duration>)>> {
    let [first, second, third, ..] = call.arguments;
    let memory = || Memory::of(call.tid);
    let point = match call.number {
        numbers::BEGIN => Point::Begin,
        numbers::PROGRAM => Point::Program,
        numbers::CLONE => Point::Spawn,
        // The flags are the first field of the structure.
        numbers::CLONE3 if memory()?.word(first)? & libc::CLONE_THREAD as u32 == 0 => {
            return Ok(None);
        }
        numbers::CLONE3 => Point::Spawn,
        numbers::SIGNAL_MASK => Point::Spawned,
        numbers::EXIT => Point::Exit,
        libc::SYS_write => Point::Print(memory()?.bytes(second, third)?),
        libc::SYS_writev => Point::Print(memory()?.gathered(second, third)?),
        numbers::FUTEX => return read_futex(call, memory()?, pid, now).map(Some),
        numbers::SLEEP => return Ok(sleep(memory()?.time(first)?)),
        numbers::CLOCK_SLEEP => {
            let time = memory()?.time(third)?;
            let is_absolute = second as i32 & libc::TIMER_ABSTIME != 0;
            if is_absolute {
                // The kernel must not make this sleep, however short: its clock is not the program's.
                let length = |time| until(time, first as i32, now);
                return Ok(time.map(|time| (Point::Sleep, Some(length(time)))));
            }
            return Ok(sleep(time));
        }
        numbers::PPOLL => return read_poll(call, memory()?.time(third)?),
        numbers::RECEIVE => return read_receive(call, pid),
        number if let Some((_, at)) = numbers::polls().find(|(poll, _)| *poll == number) => {
            let timeout = u64::try_from(call.arguments[at] as i32).ok();
            return read_poll(call, timeout.map(Duration::from_millis));
        }
        number if numbers::SIGNALS.contains(&number) => {
            let (signal, to) = match number {
                libc::SYS_tgkill => (third, Some(first as i32)),
                libc::SYS_pidfd_send_signal => (second, pidfd::process_of(pid, first as i32)),
                _ => (second, Some(first as i32)),
            };
            let sent = Sent { signal: signal as i32, to };
            // Signal 0 only asks whether a process exists.
            return Ok((signal != 0).then_some((Point::Signal(sent), None)));
        }
        _ => return Ok(None),
    };
    Ok(Some((point, None)))
}

fn sleep(length: Option<Duration>) -> Option<(Point, Option<Duration>)> {
    let length = length.filter(|length| !length.is_zero())?;
    Some((Point::Sleep, Some(length)))
}

/// Writes how much of a sleep was left when a signal has interrupted it, to where the program wants to know it.
pub(super) fn leave(call: &Call, left: Duration) -> io::Result<()> {
    let [_, second, _, fourth, ..] = call.arguments;
    let address = match call.number {
        numbers::SLEEP => second,
        // A sleep until a moment does not tell.
        _ if second as i32 & libc::TIMER_ABSTIME != 0 => 0,
        _ => fourth,
    };
    match address {
        0 => Ok(()),
        _ => {
            let left = [left.as_secs().cast_signed(), left.subsec_nanos().into()];
            Memory::of(call.tid)?.write_whole(address, left)
        }
    }
}

fn read_futex(
    call: &Call,
    memory: Memory,
    pid: i32,
    now: Now,
) -> io::Result<(Point, Option<Duration>)> {
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
        libc::FUTEX_WAIT_BITSET => until(time, clock, now),
        _ => time,
    });
    memory.word(address)?; // If it cannot be read, the kernel must look after this wait.
    Ok((Point::Wait { futex, memory, address, expected: value as u32 }, timeout))
}

/// A poll that waits without a timeout is held so that two threads whose events have come do not go on at the same
/// time.
fn read_poll(
    call: &Call,
    timeout: Option<Duration>,
) -> io::Result<Option<(Point, Option<Duration>)>> {
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
        return Ok(Some((Point::Look, None)));
    }
    let polled = match call.number {
        numbers::EPOLL_PWAIT => Polled::epoll(first as i32),
        number if Some(number) == numbers::EPOLL_WAIT => Polled::epoll(first as i32),
        _ => Polled::poll(call.tid, first, count)?,
    };
    Ok(Some((Point::Poll(polled), timeout)))
}

/// To receive is a point if the socket has a timeout and nothing has come.
fn read_receive(call: &Call, pid: i32) -> io::Result<Option<(Point, Option<Duration>)>> {
    let [socket, _, _, flags, ..] = call.arguments;
    if flags as i32 & libc::MSG_DONTWAIT != 0 {
        return Ok(None);
    }
    let polled = Polled::receive(pid, socket as i32)?;
    Ok(polled.map(|(polled, timeout)| (Point::Poll(polled), Some(timeout))))
}
