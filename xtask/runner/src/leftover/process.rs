//! Processes that a run leaves behind.
//!
//! What is fair: when the leader ends, whatever it started must have ended, and it must have waited for its children.
//! - A child that was seen beside its living leader, and is still there when the leader has ended, was not waited for.
//!   That is certain: a process gets a new parent only by the death of the old one.
//! - An orphan (its own parent ended first) cannot be waited for by the leader. A program learns of its end by an
//!   end-of-file, a moment before it is gone. So an orphan has [`GRACE`] to end, and as long as it takes once it exits.

use std::thread;
use std::time::{Duration, Instant};

use nix::unistd::Pid;

use super::Leftover;
use crate::census::Census;
use crate::mark::Mark;
use crate::processes::{self, Stat};
use crate::waits::{Waits, WaitsFor};

/// How long an orphan may go on after the leader's end.
const GRACE: Duration = Duration::from_millis(100);
/// How often the grace looks again.
const GLANCE: Duration = Duration::from_millis(2);
/// How often a thread that runs is looked at: one that polls runs now and then, and waits most of the time.
const LOOKS: usize = 4;
/// No multiple of the 10 ms for which programs like to sleep.
const BETWEEN_LOOKS: Duration = Duration::from_millis(7);
/// How long one that is exiting may need: it only frees its memory.
const EXIT: Duration = Duration::from_secs(2);

/// Which processes remain now that the leader has ended. Asked in the supervisor.
pub(crate) fn left_behind(census: &Census) -> Vec<Leftover> {
    if processes::is_childless() {
        return Vec::new(); // The usual end, and a look at all processes takes milliseconds.
    }
    let start = Instant::now();
    loop {
        let (children, mut orphans): (Vec<Stat>, Vec<Stat>) = processes::descendants()
            .into_iter()
            .partition(|process| census.is_leaders_child(process.pid));
        orphans.retain(|orphan| !orphan.is_zombie());
        let patience = match orphans.iter().all(Stat::has_ended) {
            _ if orphans.is_empty() || !children.is_empty() => Duration::ZERO,
            true => EXIT,
            false => GRACE,
        };
        if start.elapsed() >= patience {
            orphans.retain(|orphan| !orphan.has_ended());
            return children
                .iter()
                .chain(&orphans)
                .map(|process| testify(process, census))
                .collect();
        }
        thread::sleep(GLANCE);
    }
}

fn testify(process: &Stat, census: &Census) -> Leftover {
    let pid = process.pid.as_raw();
    match census.is_leaders_child(process.pid) && process.has_ended() {
        true => Leftover::Unwaited { pid, command: census.epitaph(process.pid) },
        false => still_running(process.pid),
    }
}

fn still_running(pid: Pid) -> Leftover {
    Leftover::Running { pid: pid.as_raw(), command: processes::command(pid), threads: Vec::new() }
}

/// Every process of the run that is running now, and what it waits for. Asked in the supervisor.
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
    for _ in 1..LOOKS {
        thread::sleep(BETWEEN_LOOKS);
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

/// Every process that bears the mark, and runs now. Asked in the host, when the supervisor is dead.
pub(crate) fn marked(mark: Mark) -> Vec<Leftover> {
    let mut family: Vec<Pid> = processes::pids()
        .filter(|pid| mark.is_on(*pid))
        .filter(|pid| Stat::read(*pid).is_some_and(|process| !process.has_ended()))
        .collect();
    family.sort();
    family.into_iter().map(still_running).collect()
}
