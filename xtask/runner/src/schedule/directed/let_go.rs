//! Makes a move: answers the call of a held thread, which then goes on.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use nix::libc;

use super::memory::Memory;
use super::numbers;
use super::point::Point;
use super::possible::Possible;
use super::run::{Run, output_of};
use super::seccomp::Call;
use super::signals;
use super::threads::Held;
use crate::direct::{Act, Move};

/// Lets the thread of this option go on.
pub(super) fn make(run: &mut Run, Possible { tid, shown }: &Possible) {
    note(run, *tid, shown);
    let Some(held) = run.threads.entry(*tid).held.take() else {
        return;
    };
    let pid = shown.pid;
    match &held.point {
        Point::Print(text) if run.direction.returns => match print(&held.call, text) {
            Ok(()) => {
                let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
                run.hold(held.call, Point::Return(length));
            }
            Err(_) => run.listener.permit(held.call),
        },
        Point::Return(length) => run.listener.answer(held.call, *length),
        Point::Sleep(_) => end_sleep(run, pid, &held),
        Point::Wait(_) if shown.act == Act::TimeOut => time_out(run, &held, -libc::ETIMEDOUT),
        Point::Wait(_) => end_wait(run, pid, &held),
        Point::Poll(polled, _) if shown.act == Act::TimeOut => {
            time_out(run, &held, polled.time_out(*tid));
        }
        Point::Wake { futex, most } => run.wake(held.call, *futex, *most),
        Point::Exit => run.exit(held.call, pid),
        Point::Begin | Point::Print(_) | Point::Poll(..) | Point::Signal(_) | Point::Spawned => {
            run.listener.permit(held.call);
        }
    }
}

fn note(run: &mut Run, tid: i32, shown: &Move) {
    let thread = run.threads.entry(tid);
    thread.passed += u64::from(shown.act.is_progress());
    thread.quick_polls = 0;
    thread.fatigue.add(shown.act);
    if shown.act == Act::Print {
        run.note_print(&shown.neutral);
    }
}

/// Ends a wait for a futex because of a wake, a change of its word, or a signal.
fn end_wait(run: &mut Run, pid: i32, Held { call, reached, .. }: &Held) {
    if signals::is_interrupted(pid, call.tid) {
        // The kernel interrupts the wait at once, and knows whether the call is to be made again.
        return run.listener.permit(*call);
    }
    let value = if run.wakes.may_wake(reached) { 0 } else { -libc::EAGAIN };
    run.wakes.take(reached);
    run.listener.answer(*call, value.into());
}

/// Ends a sleep: its time has passed, or a signal interrupts it.
fn end_sleep(run: &mut Run, pid: i32, held: &Held) {
    if signals::is_interrupted(pid, held.call.tid) {
        let left = held.due.unwrap_or_default().saturating_sub(run.time.passed());
        // If it cannot be told how much is left, it is not asked for.
        _ = tell_left(&held.call, left);
        return run.listener.answer(held.call, (-libc::EINTR).into());
    }
    time_out(run, held, 0);
}

/// Ends a sleep or a wait whose time has passed. The call returns this value.
fn time_out(run: &mut Run, held: &Held, value: i32) {
    let due = held.due.unwrap_or_default();
    run.time.pass_until_after(due);
    run.listener.answer(held.call, value.into());
}

/// Writes how much of a sleep was left when a signal has interrupted it, to where the program wants to know it.
fn tell_left(call: &Call, left: Duration) -> io::Result<()> {
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

/// Prints in the place of a thread. It does not wait for room: the pipe is read by this process.
///
/// # Errors
///
/// There is no room, or it is no pipe. Then nothing was printed.
fn print(call: &Call, text: &[u8]) -> io::Result<()> {
    if text.len() > libc::PIPE_BUF {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    let mut stdout = OpenOptions::new();
    stdout.write(true).custom_flags(libc::O_NONBLOCK).open(output_of(call))?.write_all(text)
}
