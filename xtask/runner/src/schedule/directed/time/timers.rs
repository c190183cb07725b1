//! The timers of a run: those of alarm(2), setitimer(2), timer_settime(2) and timerfd_settime(2).
//!
//! The kernel's timers end by the clock of the machine: too early for a program whose threads are held, and too late
//! for one whose sleeps take no time. So the kernel never gets to set them. They end by the run's clock, and then the
//! director does what the kernel would have done: it sends a signal, or makes a descriptor readable.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use rustix::process::{PidfdGetfdFlags, Signal, pidfd_getfd, pidfd_send_signal};
use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};

use super::super::seccomp::{Expiry, expire};
use crate::pidfd;

/// Which one it is. The kernel gives the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    /// The one that each process has for alarm and setitimer. It sends SIGALRM.
    Alarm { pid: i32 },
    /// One that timer_create has made.
    Created { pid: i32, id: i32 },
    /// One that timerfd_create has made.
    Descriptor { pid: i32, descriptor: i32 },
}

/// After how long it ends, and then after how long again and again. Zero is never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) first: Duration,
    pub(super) interval: Duration,
}

/// All timers that have been set. Their times are the run's.
#[derive(Debug, Default)]
pub(crate) struct Timers(Vec<Armed>);

/// A timer that will end.
#[derive(Debug)]
struct Armed {
    timer: Timer,
    /// The process, or a copy of the descriptor.
    target: OwnedFd,
    due: Duration,
    interval: Duration,
}

impl Timers {
    /// Sets a timer, and returns its earlier setting.
    ///
    /// # Errors
    ///
    /// There is no such timer.
    pub(super) fn set(
        &mut self,
        timer: Timer,
        setting: Setting,
        now: Duration,
    ) -> io::Result<Setting> {
        let target = timer.target()?;
        if let Timer::Descriptor { .. } = timer {
            // It is not readable any more.
            ends_after(&target, Duration::ZERO)?;
        }
        let before = self.get(timer, now);
        self.0.retain(|armed| armed.timer != timer);
        let Setting { first, interval } = setting;
        if !first.is_zero() {
            self.0.push(Armed { timer, target, due: now.saturating_add(first), interval });
        }
        Ok(before)
    }

    /// What is left of a timer.
    pub(super) fn get(&self, timer: Timer, now: Duration) -> Setting {
        let armed = self.0.iter().find(|armed| armed.timer == timer);
        // One that is due has not ended yet, so not nothing is left.
        let left = |armed: &Armed| armed.due.saturating_sub(now).max(Duration::from_micros(1));
        armed
            .map(|armed| Setting { first: left(armed), interval: armed.interval })
            .unwrap_or_default()
    }

    /// When the first one ends.
    pub(crate) fn first(&self) -> Option<Duration> {
        self.0.iter().map(|armed| armed.due).min()
    }

    /// Ends all that are due, each once, in the order in which they are. Returns whether there was one.
    pub(crate) fn end(&mut self, now: Duration) -> bool {
        self.0.sort_by_key(|armed| armed.due);
        let due = self.0.partition_point(|armed| armed.due <= now);
        for armed in &mut self.0[..due] {
            // Its process has ended, or has got rid of the timer.
            if armed.end().is_err() {
                armed.interval = Duration::ZERO;
            }
        }
        self.0.retain_mut(|armed| armed.due > now || armed.begin_again(now));
        due > 0
    }
}

impl Armed {
    fn end(&self) -> io::Result<()> {
        match self.timer {
            Timer::Alarm { .. } => Ok(pidfd_send_signal(&self.target, Signal::ALARM)?),
            Timer::Created { pid, id } => {
                Definition::of(pid, id)?.expiry.map_or(Ok(()), |expiry| expire(pid, id, &expiry))
            }
            Timer::Descriptor { pid, descriptor } => {
                ends_after(&self.target, Duration::from_nanos(1))?;
                // No longer than this: a thread of the run may be faster, and have read it.
                let mut waits = [PollFd::new(self.target.as_fd(), PollFlags::POLLIN)];
                poll(&mut waits, PollTimeout::from(1_u8))?;
                clock_of(pid, descriptor).map(drop)
            }
        }
    }

    /// Whether it will end once more.
    fn begin_again(&mut self, now: Duration) -> bool {
        if self.interval.is_zero() {
            return false;
        }
        // Signals that no one has taken, and expirations that no one has read, are one.
        let late = now.saturating_sub(self.due).as_nanos() / self.interval.as_nanos();
        let intervals = u32::try_from(late + 1).unwrap_or(u32::MAX);
        self.due = self.due.saturating_add(self.interval.saturating_mul(intervals));
        true
    }
}

impl Timer {
    fn target(self) -> io::Result<OwnedFd> {
        match self {
            Self::Alarm { pid } | Self::Created { pid, .. } => pidfd::open(pid),
            Self::Descriptor { pid, descriptor } => {
                Ok(pidfd_getfd(pidfd::open(pid)?, descriptor, PidfdGetfdFlags::empty())?)
            }
        }
    }

    /// The system's clock by which it ends.
    ///
    /// # Errors
    ///
    /// There is no such timer.
    pub(super) fn clock(self) -> io::Result<i32> {
        match self {
            Self::Alarm { .. } => Ok(libc::CLOCK_MONOTONIC),
            Self::Created { pid, id } => Definition::of(pid, id).map(|definition| definition.clock),
            Self::Descriptor { pid, descriptor } => clock_of(pid, descriptor),
        }
    }
}

/// The kernel's timer of this descriptor ends soon, or never if this is zero. In both cases it is not readable now.
fn ends_after(timer: &OwnedFd, length: Duration) -> io::Result<()> {
    let time = |nanoseconds| Timespec { tv_sec: 0, tv_nsec: nanoseconds };
    let setting = Itimerspec { it_interval: time(0), it_value: time(length.subsec_nanos().into()) };
    timerfd_settime(timer, TimerfdTimerFlags::empty(), &setting)?;
    Ok(())
}

/// The clock of a descriptor, if it is a timer. See proc_pid_fdinfo(5).
fn clock_of(pid: i32, descriptor: i32) -> io::Result<i32> {
    let text = fs::read_to_string(format!("/proc/{pid}/fdinfo/{descriptor}"))?;
    let clock = text.lines().find_map(|line| line.strip_prefix("clockid:"));
    clock.and_then(|clock| clock.trim().parse().ok()).ok_or_else(none)
}

fn none() -> io::Error {
    io::ErrorKind::NotFound.into()
}

/// What timer_create has made.
#[derive(Debug, PartialEq, Eq)]
struct Definition {
    /// None if nothing happens at its end.
    expiry: Option<Expiry>,
    clock: i32,
}

impl Definition {
    fn of(pid: i32, id: i32) -> io::Result<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/timers"))?;
        Self::read(&text, id).ok_or_else(none)
    }

    /// See proc_pid_timers(5).
    fn read(text: &str, id: i32) -> Option<Self> {
        let mut lines = text.lines().skip_while(|line| {
            line.strip_prefix("ID:").is_none_or(|its| its.trim().parse() != Ok(id))
        });
        let mut field = |name: &str| lines.by_ref().find_map(|line| line.strip_prefix(name));
        let (signal, value) = field("signal:")?.trim().split_once('/')?;
        let (what, whom) = field("notify:")?.trim().split_once('/')?;
        let thread = whom.strip_prefix("tid.").and_then(|tid| tid.parse().ok());
        let expiry = Expiry {
            signal: signal.parse().ok()?,
            value: u64::from_str_radix(value, 16).ok()?,
            thread,
        };
        let clock = field("ClockID:")?.trim().parse().ok()?;
        Some(Self { expiry: (what == "signal").then_some(expiry), clock })
    }
}
