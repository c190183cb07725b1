//! Processes that a run leaves behind.
//!
//! The rule: when the leader ends, every process that it started must have ended, and the leader must have waited for
//! its children.
//! - A child that was seen while the leader lived, and is still there when the leader has ended, was not waited for.
//!   This is certain: a process gets a new parent only when the old one dies.
//! - The leader cannot wait for an orphan (a process whose own parent ended first). A program learns about an orphan's
//!   end from an end-of-file, a moment before the orphan is gone. So an orphan has [`GRACE`] to begin its exit, and
//!   then as long as the exit takes. Only the time counts in which all orphans sleep: a busy machine may keep an
//!   orphan from the processor that it needs to end.
//!
//! A launch may [relax](crate::Launch::linger) both.

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use nix::unistd::Pid;

use super::Leftover;
use crate::census::Census;
use crate::mark::Mark;
use crate::processes::{self, Stat};
use crate::waits::{Waits, WaitsFor};

/// How long an orphan may sleep after the leader's end before it counts as left behind.
const GRACE: Duration = Duration::from_millis(100);
/// How often to look during this time. A look that comes later counts for no more.
const LOOK_INTERVAL: Duration = Duration::from_millis(2);
/// How many times to look at a running thread: a thread that polls runs now and then, and waits most of the time.
const LOOKS: usize = 4;
/// Not a multiple of 10 ms, for which many programs sleep.
const BETWEEN_LOOKS: Duration = Duration::from_millis(7);
/// How long an exit may take: the process only frees its memory.
const EXIT: Duration = Duration::from_secs(2);
/// How long to look in all, if a busy machine keeps processes from running.
const LONGEST: Duration = Duration::from_secs(2);

/// The processes that remain after the leader has ended. Each of them, a child of the leader too, may `linger` for some
/// time, if the launch says so. Called in the supervisor.
pub(crate) fn left_behind(census: &Census, linger: Option<Duration>) -> Vec<Leftover> {
    if processes::is_childless() {
        return Vec::new(); // The usual case, in which a look at all processes would waste milliseconds.
    }
    let start = Instant::now();
    let mut rested = Duration::ZERO;
    loop {
        let (children, mut orphans): (Vec<Stat>, Vec<Stat>) = processes::descendants()
            .into_iter()
            .partition(|process| linger.is_none() && census.is_leaders_child(process.pid));
        orphans.retain(|orphan| !orphan.is_zombie());
        let patience = match orphans.iter().all(Stat::has_ended) {
            _ if orphans.is_empty() || !children.is_empty() => Duration::ZERO,
            true => EXIT,
            false => linger.unwrap_or(GRACE),
        };
        if rested >= patience || start.elapsed() >= patience.max(LONGEST) {
            orphans.retain(|orphan| !orphan.has_ended());
            return children
                .iter()
                .chain(&orphans)
                .map(|process| describe(process, census))
                .collect();
        }
        thread::sleep(LOOK_INTERVAL);
        if orphans.iter().all(Stat::is_asleep) {
            rested += LOOK_INTERVAL;
        }
    }
}

fn describe(process: &Stat, census: &Census) -> Leftover {
    let pid = process.pid.as_raw();
    match census.is_leaders_child(process.pid) && process.has_ended() {
        true => Leftover::Unwaited { pid, command: census.last_command(process.pid) },
        false => still_running(process.pid),
    }
}

fn still_running(pid: Pid) -> Leftover {
    Leftover::Running { pid: pid.as_raw(), command: processes::command(pid), threads: Vec::new() }
}

/// Every process of the run that is running now, and what it waits for. Called in the supervisor.
pub(crate) fn running() -> Vec<Leftover> {
    let mut family = processes::descendants();
    family.retain(|process| !process.has_ended());
    family.sort_by_key(|process| process.pid);
    let waits = Waits::among(family.iter().map(|process| process.pid));
    let mut running: Vec<Leftover> = family
        .iter()
        .map(|process| Leftover::Running {
            pid: process.pid.as_raw(),
            command: processes::command(process.pid),
            threads: waits.of(process.pid),
        })
        .collect();
    let start = Instant::now();
    for _ in 1..LOOKS {
        let before = ran(&family);
        thread::sleep(BETWEEN_LOOKS);
        // A thread that waits for a processor may be on its way to where it will wait.
        let any_waits = || ran(&family).iter().any(|thread| waits_for_processor(thread, &before));
        while start.elapsed() < LONGEST && any_waits() {
            thread::sleep(LOOK_INTERVAL);
        }
        for leftover in &mut running {
            if let Leftover::Running { pid, threads, .. } = leftover {
                let again = waits.of(Pid::from_raw(*pid));
                for (thread, again) in threads.iter_mut().zip(again) {
                    if thread.on == WaitsFor::Nothing {
                        *thread = again;
                    }
                }
            }
        }
    }
    running
}

/// How long each thread has had a processor.
fn ran(family: &[Stat]) -> HashMap<Pid, Duration> {
    let times = family.iter().flat_map(processes::processor_times);
    times.map(|(thread, times)| (thread, times.ran)).collect()
}

/// Whether the thread has not had a processor since then, and wants one.
fn waits_for_processor((thread, time): (&Pid, &Duration), before: &HashMap<Pid, Duration>) -> bool {
    before.get(thread) == Some(time) && Stat::read(*thread).is_some_and(|stat| !stat.is_asleep())
}

/// Every process that has the mark and runs now. Called in the host, when the supervisor is dead.
pub(crate) fn marked(mark: Mark) -> Vec<Leftover> {
    let mut family: Vec<Pid> = processes::pids()
        .filter(|pid| mark.is_on(*pid))
        .filter(|pid| Stat::read(*pid).is_some_and(|process| !process.has_ended()))
        .collect();
    family.sort();
    family.into_iter().map(still_running).collect()
}
