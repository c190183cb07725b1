//! The processes of this machine, as /proc shows them, and the end of those that we started.

use std::collections::HashSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// PF_EXITING in the kernel's include/linux/sched.h: the process runs no more code of its own.
const EXITING: u64 = 0x4;
/// PF_KTHREAD, ibid.: the kernel's own thread, which has no memory of a program's.
const KERNEL: u64 = 0x20_0000;
/// Nobody survives SIGKILL for longer, unless it sleeps in a broken driver or belongs to somebody else.
const PATIENCE: Duration = Duration::from_secs(5);

/// One line of /proc/PID/stat, as far as it matters here; see proc_pid_stat(5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) parent: Pid,
    pub(crate) group: Pid,
    /// `R` running, `S` sleeping, `T` stopped, `Z` a zombie, ...
    pub(crate) state: char,
    exiting: bool,
    kernel: bool,
}

impl Process {
    pub(crate) fn read(pid: Pid) -> Option<Self> {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        Self::parse(pid, &String::from_utf8_lossy(&stat))
    }

    fn parse(pid: Pid, stat: &str) -> Option<Self> {
        // The name in parentheses may hold anything, spaces and parentheses too.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let state = fields.next()?.chars().next()?;
        let parent = Pid::from_raw(fields.next()?.parse().ok()?);
        let group = Pid::from_raw(fields.next()?.parse().ok()?);
        let flags: u64 = fields.nth(3)?.parse().ok()?;
        let (exiting, kernel) = (flags & EXITING != 0, flags & KERNEL != 0);
        Some(Self { pid, parent, group, state, exiting, kernel })
    }

    pub(crate) fn is_zombie(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }

    /// Whether it has run its last instruction: a zombie, or on the way to be one.
    pub(crate) fn has_ended(&self) -> bool {
        self.exiting || self.is_zombie()
    }

    /// Whether it has a program, or is about to get one.
    fn runs_a_program(&self) -> bool {
        !self.kernel && !self.has_ended()
    }
}

/// The number of every process.
pub(crate) fn pids() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(Pid::from_raw))
}

/// Every process, in no order. One that ends meanwhile is left out.
pub(crate) fn all() -> Vec<Process> {
    pids().filter_map(Process::read).collect()
}

/// All that descends from this process. Since it is a subreaper, none escapes by losing its parent.
pub(crate) fn descendants() -> Vec<Process> {
    let mut others = all();
    let mut family = HashSet::from([Pid::this()]);
    let mut descendants = Vec::new();
    loop {
        let (mut found, rest): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|process| family.contains(&process.parent));
        if found.is_empty() {
            return descendants;
        }
        family.extend(found.iter().map(|process| process.pid));
        descendants.append(&mut found);
        others = rest;
    }
}

/// Program and arguments, without the program's folder; the bare name where the process has ended.
pub(crate) fn command(pid: Pid) -> String {
    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    let mut words = words.split_terminator('\0');
    let Some(program) = words.next() else {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        return name.trim_end().to_owned();
    };
    let program = program.rsplit('/').next().unwrap_or(program);
    [program].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// Kills and reaps whatever descends from this process; `group` at one blow, so that no fork outruns it.
pub(crate) fn kill_descendants(group: Pid) {
    let start = Instant::now();
    loop {
        let family = descendants();
        // While one of ours is in it, the number cannot belong to a stranger's group.
        if family.iter().any(|process| process.group == group) {
            _ = killpg(group, Signal::SIGKILL);
        }
        for process in &family {
            _ = kill(process.pid, Signal::SIGKILL);
        }
        if reap_all() || start.elapsed() > PATIENCE {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Takes the status of every child that has ended; true if no child is left.
fn reap_all() -> bool {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return true,
            Ok(WaitStatus::StillAlive) => return false,
            // EINVAL too: a real-time signal ended the child, which nix has no name for.
            Ok(_) | Err(_) => {}
        }
    }
}

/// Kills every process that was started with `mark` in its environment, and reaps those that are ours by now.
pub(crate) fn kill_marked(mark: &[u8]) {
    let start = Instant::now();
    // A zombie has no environment any more, and may become ours only when its parent is dead as well.
    let mut killed: HashSet<Pid> = HashSet::new();
    loop {
        let mut untold = false;
        for pid in pids().filter(|pid| *pid != Pid::this()) {
            match is_marked(pid, mark) {
                Some(true) => {
                    _ = kill(pid, Signal::SIGKILL);
                    killed.insert(pid);
                }
                Some(false) => {}
                None => untold = true,
            }
        }
        killed.retain(|pid| {
            _ = waitpid(*pid, Some(WaitPidFlag::WNOHANG));
            Process::read(*pid).is_some()
        });
        if !untold && killed.is_empty() || start.elapsed() > PATIENCE {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Whether a process was started with `mark` in its environment. None while that cannot be told: inside execve the old
/// program's environment is gone, and the new one's is not there yet.
fn is_marked(pid: Pid, mark: &[u8]) -> Option<bool> {
    let read = |file| fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let mut environment = read("environ");
    if environment.is_empty() {
        // A program's environment may be empty, but not its arguments: the first is its name.
        let untold = read("cmdline").is_empty();
        if untold && Process::read(pid).is_some_and(|process| process.runs_a_program()) {
            return None;
        }
        // It may have come meanwhile.
        environment = read("environ");
    }
    Some(environment.split(|byte| *byte == 0).any(|entry| entry == mark))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let pid = Pid::from_raw(7);
        let stat = "7 (a) Z 1 (b) S 5 6 6 0 -1 4194308 1 2 3";
        let process = Process::parse(pid, stat).unwrap();
        assert_eq!(process.parent, Pid::from_raw(5));
        assert_eq!(process.group, Pid::from_raw(6));
        assert_eq!(process.state, 'S');
        assert!(process.has_ended(), "flag 4 is set");
        assert_eq!(Process::parse(pid, "7 (a"), None);
    }

    #[test]
    fn who_is_marked_is_killed_and_reaped() {
        let mark = format!("XTASK_TEST_MARK={}", Pid::this());
        let (name, value) = mark.split_once('=').unwrap();
        let mut sleeper = Command::new("sleep").arg("100").env(name, value).spawn().unwrap();
        kill_marked(mark.as_bytes());
        let remains = Process::read(Pid::from_raw(sleeper.id().cast_signed()));
        // Before the assertion, so that a failure leaves nothing behind.
        _ = sleeper.kill();
        _ = sleeper.wait();
        assert_eq!(remains, None);
    }

    #[test]
    fn this_test_is_a_process() {
        let this = Process::read(Pid::this()).unwrap();
        assert!(!this.has_ended());
        assert_eq!(this.parent, Pid::parent());
        assert!(all().iter().any(|process| process.pid == this.pid));
        assert!(command(Pid::this()).starts_with("xtask"));
    }
}
