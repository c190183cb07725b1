//! Makes a move: answers the call of a thread, which then goes on.

use std::fs::OpenOptions;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use nix::libc;
use rustix::time::ClockId;

use super::point::{Point, now};
use super::possible::Possible;
use super::run::{Run, output_of};
use super::seccomp::Call;
use super::signals;
use super::threads::Held;
use crate::direct::{Act, Move};

/// How far away a deadline is, in real time, that gives way.
const FAR: Duration = Duration::from_millis(500);

impl Run {
    /// Lets the thread go on.
    pub(super) fn make(&mut self, Possible { tid, made }: &Possible) {
        self.note(*tid, made);
        let Some(held) = self.threads.get(*tid).held.take() else {
            return;
        };
        match (&held.point, made.act) {
            (Point::Wait { .. }, Act::EndWait) => {
                let value = if signals::is_interrupted(*tid) {
                    return self.listener.permit(held.call);
                } else if self.wakes.may_wake(&held.reached) {
                    0
                } else {
                    -libc::EAGAIN
                };
                self.wakes.take(&held.reached);
                self.listener.answer(held.call, value.into());
            }
            (_, Act::EndSleep | Act::TimeOut) => self.begin_the_end(*tid, held),
            (Point::Print(text), _) if self.direction.returns => match print(&held.call, text) {
                Ok(()) => {
                    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
                    let held = Held { point: Point::Return(length), since: self.time, ..held };
                    self.threads.get(*tid).held = Some(held);
                }
                Err(_) => self.listener.permit(held.call),
            },
            (Point::Return(length), _) => self.listener.answer(held.call, *length),
            (Point::Wake { futex, most }, _) => self.wake(held.call, *futex, *most),
            _ => self.listener.permit(held.call),
        }
    }

    fn note(&mut self, tid: i32, made: &Move) {
        let thread = self.threads.get(tid);
        thread.passed += u64::from(made.act.is_progress());
        thread.moves += 1;
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

    /// The deadline is the next thing to happen. It may not come earlier than the call says, in real time, which the
    /// program can measure: so the thread is held until then.
    fn begin_the_end(&mut self, tid: i32, mut held: Held) {
        self.earlier = self.time;
        self.time = held.due().unwrap_or_default().max(self.time);
        held.ends = true;
        self.threads.get(tid).held = Some(held);
    }

    /// A thread has come to a point, woken by something that is no thread of the run, such as a timer of the kernel. If
    /// another one is held until a deadline that is far away, then the deadline is not the next thing to happen.
    pub(super) fn give_way(&mut self) {
        let soon = now(ClockId::Monotonic) + FAR;
        let is_far = |held: &Held| held.deadline.is_some_and(|deadline| deadline.moment > soon);
        for (_, held) in self.threads.held().filter(|(_, held)| held.ends && is_far(held)) {
            held.ends = false;
            self.time = self.earlier;
        }
    }

    /// Answers the call whose deadline is the next thing to happen, if there is one and it has come. Returns how long
    /// it takes until it comes. A signal may come before.
    pub(super) fn end_waits(&mut self) -> Option<Duration> {
        let mut left: Option<Duration> = None;
        let mut over = Vec::new();
        for (tid, held) in self.threads.held().filter(|(_, held)| held.ends) {
            let is_interrupted = !self.listener.holds(held.call) || signals::is_interrupted(tid);
            let moment = held.deadline.map_or(Duration::ZERO, |deadline| deadline.moment);
            let rest = match is_interrupted {
                true => Duration::ZERO,
                false => moment.saturating_sub(now(ClockId::Monotonic)),
            };
            left = Some(left.map_or(rest, |left| left.min(rest)));
            if rest.is_zero() {
                over.push((tid, is_interrupted));
            }
        }
        for (tid, is_interrupted) in over {
            let Some(held) = self.threads.get(tid).held.take() else {
                continue;
            };
            if is_interrupted {
                self.listener.permit(held.call);
                continue;
            }
            let value = match &held.point {
                Point::Wait { .. } => -libc::ETIMEDOUT,
                Point::Poll(polled) => {
                    // If its memory cannot be written, it has gone.
                    _ = polled.clear(tid);
                    0
                }
                _ => 0,
            };
            self.listener.answer(held.call, value.into());
        }
        left
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
