//! Makes a move: answers the call of a thread, which then goes on.

use std::fs::OpenOptions;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;

use nix::libc;

use super::point::{self, Point};
use super::possible::Possible;
use super::run::{MOMENT, Run, output_of};
use super::seccomp::Call;
use super::signals;
use super::threads::Held;
use crate::direct::{Act, Move};

impl Run {
    /// Lets the thread go on.
    pub(super) fn make(&mut self, Possible { tid, made }: &Possible) {
        self.note(*tid, made);
        let Some(held) = self.threads.get(*tid).held.take() else {
            return;
        };
        match (&held.point, made.act) {
            (Point::Wait { .. }, Act::EndWait) => {
                let value = if signals::is_interrupted(made.pid, *tid) {
                    return self.listener.permit(held.call);
                } else if self.wakes.may_wake(&held.reached) {
                    0
                } else {
                    -libc::EAGAIN
                };
                self.wakes.take(&held.reached);
                self.listener.answer(held.call, value.into());
            }
            (_, Act::EndSleep | Act::TimeOut) => self.end(*tid, made.pid, &held),
            (Point::Print(text), _) if self.direction.returns => match print(&held.call, text) {
                Ok(()) => {
                    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
                    let held = Held { point: Point::Return(length), since: self.time, ..held };
                    self.threads.get(*tid).held = Some(held);
                }
                Err(_) => self.listener.permit(held.call),
            },
            (Point::Exit, _) => self.exit(held.call, made.pid),
            (Point::Return(length), _) => self.listener.answer(held.call, *length),
            (Point::Wake { futex, most }, _) => self.wake(held.call, *futex, *most),
            _ => self.listener.permit(held.call),
        }
    }

    fn note(&mut self, tid: i32, made: &Move) {
        let thread = self.threads.get(tid);
        thread.passed += u64::from(made.act.is_progress());
        thread.moves += 1;
        thread.looks = 0;
        match made.act {
            Act::EndSleep => thread.naps += 1,
            Act::Print => {
                self.threads.rest();
                let mut hasher = DefaultHasher::new();
                made.neutral.hash(&mut hasher);
                self.printed = self.printed.wrapping_add(hasher.finish());
            }
            _ => {}
        }
    }

    /// Ends a sleep or a wait with a timeout: that much of the program's time has passed.
    fn end(&mut self, tid: i32, pid: i32, held: &Held) {
        let due = held.due.unwrap_or_default();
        if matches!(held.point, Point::Sleep) && signals::is_interrupted(pid, tid) {
            // If it cannot be told how much is left, it is not asked for.
            _ = point::leave(&held.call, due.saturating_sub(self.time));
            return self.listener.answer(held.call, (-libc::EINTR).into());
        }
        self.advance(due.max(self.time).saturating_add(MOMENT));
        let value = match &held.point {
            Point::Wait { .. } => -libc::ETIMEDOUT,
            Point::Poll(polled) => polled.time_out(tid),
            _ => 0,
        };
        self.listener.answer(held.call, value.into());
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
