//! Reads the processes of this machine from /proc, and ends those that belong to a run.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::Pid;

use crate::exit::Exit;

/// PF_EXITING in the kernel's include/linux/sched.h: the process runs no more code of its own.
const EXITING: u64 = 0x4;
/// No process survives SIGKILL for longer, unless it sleeps in a broken driver or belongs to another user.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

/// The fields of /proc/PID/stat that matter here; see proc_pid_stat(5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) pid: Pid,
    pub(crate) parent: Pid,
    pub(crate) group: Pid,
    /// When it was born, in clock ticks since the machine's start: with the pid, it names a process for ever.
    pub(crate) born: u64,
    /// The end of its command line in its memory: exec moves it. 0 in the middle of exec.
    pub(crate) words: u64,
    /// How it ended, if it is a zombie.
    pub(crate) exit: Option<Exit>,
    /// How many threads it has.
    threads: u64,
    /// `R` running, `S` sleeping, `T` stopped, `Z` a zombie, ...
    state: char,
    exiting: bool,
}

impl Stat {
    pub(crate) fn read(pid: Pid) -> Option<Self> {
        Self::parse(pid, &contents(&format!("/proc/{pid}/stat"))?)
    }

    fn parse(pid: Pid, stat: &[u8]) -> Option<Self> {
        // The name in parentheses may hold anything, spaces and parentheses too.
        let end = stat.iter().rposition(|byte| *byte == b')')?;
        let fields: Vec<&str> = str::from_utf8(&stat[end + 1..]).ok()?.trim().split(' ').collect();
        let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
        let pid_at = |at: usize| fields.get(at)?.parse().ok().map(Pid::from_raw);
        let state = fields.first()?.chars().next()?;
        let exit = fields.get(49).and_then(|field| field.parse().ok());
        Some(Self {
            pid,
            parent: pid_at(1)?,
            group: pid_at(2)?,
            born: number(19)?,
            words: number(46).unwrap_or_default(),
            exit: exit.filter(|_| state == 'Z').map(Exit::from_raw),
            threads: number(17)?,
            state,
            exiting: number(6)? & EXITING != 0,
        })
    }

    /// Its threads. Most processes have one, which need not be looked up.
    pub(crate) fn threads(&self) -> Vec<Pid> {
        if self.threads > 1 { threads(self.pid) } else { vec![self.pid] }
    }

    pub(crate) fn is_zombie(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }

    /// Whether it has run its last instruction: it is a zombie, or about to become one.
    pub(crate) fn has_ended(&self) -> bool {
        self.exiting || self.is_zombie()
    }

    /// Whether it waits for something other than a processor.
    pub(crate) fn is_asleep(&self) -> bool {
        self.state != 'R'
    }

    /// Whether a signal or a debugger has stopped it.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped_by_a_signal() || self.state == 't'
    }

    pub(crate) fn is_stopped_by_a_signal(&self) -> bool {
        self.state == 'T'
    }
}

/// What a file of /proc holds. It has no size that could be asked for, and is mostly short: one call reads it.
fn contents(path: &str) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    let mut contents = vec![0; 1024];
    let count = file.read(&mut contents).ok()?;
    let is_full = count == contents.len();
    contents.truncate(count);
    if is_full {
        file.read_to_end(&mut contents).ok()?;
    }
    Some(contents)
}

/// What a file of /proc says. The names of threads and of files in it may be cut off in the middle of a character, or
/// hold any other bytes.
pub(crate) fn text(path: &str) -> io::Result<String> {
    Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned())
}

/// The number of every process.
pub(crate) fn pids() -> impl Iterator<Item = Pid> {
    numbers("/proc")
}

/// The entries of a folder whose names are numbers.
fn numbers(folder: impl AsRef<Path>) -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(Pid::from_raw))
}

/// Every process, in no order. One that ends meanwhile is left out.
pub(crate) fn all() -> Vec<Stat> {
    pids().filter_map(Stat::read).collect()
}

/// All descendants of this process. Since it is a subreaper, no process escapes by losing its parent.
pub(crate) fn descendants() -> Vec<Stat> {
    let mut others = all();
    let known: HashSet<Pid> = others.iter().map(|process| process.pid).collect();
    // A parent may end after its child was read, and before it is read itself: then the child has another parent now.
    for process in others.iter_mut().filter(|process| !known.contains(&process.parent)) {
        if let Some(again) = Stat::read(process.pid) {
            *process = again;
        }
    }
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

/// Program and arguments, without the program's folder; only the name if the process has ended.
pub(crate) fn command(pid: Pid) -> String {
    words(pid).unwrap_or_else(|| name(pid))
}

/// The name of its program, which the kernel cuts off after 15 bytes.
pub(crate) fn name(pid: Pid) -> String {
    let name = contents(&format!("/proc/{pid}/comm")).unwrap_or_default();
    String::from_utf8_lossy(&name).trim_end_matches('\n').to_owned()
}

/// Program and arguments as in [`command`], but none if the process has ended, or is inside execve, where its new
/// command line does not exist yet.
pub(crate) fn words(pid: Pid) -> Option<String> {
    let words = contents(&format!("/proc/{pid}/cmdline"))?;
    let words = String::from_utf8_lossy(&words);
    let mut words = words.split_terminator('\0');
    let program = words.next()?;
    let program = program.rsplit('/').next().unwrap_or(program);
    Some([program].into_iter().chain(words).collect::<Vec<_>>().join(" "))
}

/// The threads of a process; none if it has gone.
pub(crate) fn threads(pid: Pid) -> Vec<Pid> {
    numbers(format!("/proc/{pid}/task")).collect()
}

/// The children of one thread, zombies too; None if the thread has gone, or if the kernel does not list them
/// (CONFIG_PROC_CHILDREN). A child that is born or ends meanwhile may hide another one.
pub(crate) fn children(pid: Pid, thread: Pid) -> Option<Vec<Pid>> {
    let children = contents(&format!("/proc/{pid}/task/{thread}/children"))?;
    let children = str::from_utf8(&children)
        .ok()?
        .split_ascii_whitespace()
        .filter_map(|child| child.parse().ok());
    Some(children.map(Pid::from_raw).collect())
}

/// What the kernel counts for a thread.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ProcessorTimes {
    /// For how long it has run.
    pub(crate) ran: Duration,
    /// For how long it has been ready to run and has waited for a processor.
    pub(crate) waited: Duration,
}

/// The times of each thread of the process. Empty if the process has gone, or if the kernel does not count them. See
/// /proc/PID/schedstat in proc(5).
pub(crate) fn processor_times(process: &Stat) -> Vec<(Pid, ProcessorTimes)> {
    let times = |thread: Pid| {
        let times = contents(&format!("/proc/{}/task/{thread}/schedstat", process.pid))?;
        let mut times = str::from_utf8(&times).ok()?.split(' ');
        let mut next = || Some(Duration::from_nanos(times.next()?.parse().ok()?));
        Some((thread, ProcessorTimes { ran: next()?, waited: next()? }))
    };
    process.threads().into_iter().filter_map(times).collect()
}

/// Whether this process ignores the signal.
pub(crate) fn ignores(signal: i32) -> bool {
    let status = text("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Whether this process has no child, not even a zombie. Then nothing descends from it, since it is a subreaper.
pub(crate) fn is_childless() -> bool {
    let looked =
        waitid(Id::All, WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT);
    looked == Err(Errno::ECHILD)
}

/// Kills and reaps all descendants of this process. `group` is killed with one call, so that no fork outruns it.
pub(crate) fn kill_descendants(group: Pid) {
    let start = Instant::now();
    while !is_childless() {
        let family = descendants();
        // While a process of ours is in the group, its number cannot belong to another group.
        if family.iter().any(|process| process.group == group) {
            _ = killpg(group, Signal::SIGKILL);
        }
        for process in &family {
            _ = kill(process.pid, Signal::SIGKILL);
        }
        if reap_all() || start.elapsed() > KILL_TIMEOUT {
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
            // EINVAL too: a real-time signal ended the child, and nix has no name for it.
            Ok(_) | Err(_) => {}
        }
    }
}

/// Kills every process for which `belongs` is true, again and again until there is none, and reaps those that have
/// become our children.
pub(crate) fn kill_all(belongs: impl Fn(Pid) -> bool) {
    let start = Instant::now();
    loop {
        let family: Vec<Pid> = pids().filter(|pid| belongs(*pid)).collect();
        for pid in &family {
            _ = kill(*pid, Signal::SIGKILL);
            // It may become our child only when its parent is dead too.
            _ = waitpid(*pid, Some(WaitPidFlag::WNOHANG));
        }
        if family.is_empty() || start.elapsed() > KILL_TIMEOUT {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let pid = Pid::from_raw(7);
        let stat = |rest: &str| {
            let zeros = |count| "0 ".repeat(count);
            let stat =
                format!("7 (a) Z 1 (b) Z 5 6 6 0 -1 4194308 {}99 {}{rest}", zeros(12), zeros(29));
            Stat::parse(pid, stat.as_bytes()).unwrap()
        };
        let process = stat("256 0");
        assert_eq!(process.parent, Pid::from_raw(5));
        assert_eq!(process.group, Pid::from_raw(6));
        assert_eq!(process.born, 99);
        assert_eq!(process.exit, Some(Exit::Code(1)));
        assert!(process.is_zombie());
        assert_eq!(stat("").exit, None, "an old kernel's line is shorter");
        assert_eq!(Stat::parse(pid, b"7 (a"), None);
    }

    #[test]
    fn this_test_is_a_process() {
        let this = Stat::read(Pid::this()).unwrap();
        assert!(!this.has_ended() && !this.is_stopped());
        assert_eq!(this.parent, Pid::parent());
        assert!(all().iter().any(|process| process.pid == this.pid));
        assert!(command(Pid::this()).starts_with("runner"));
    }

    #[test]
    fn a_file_of_any_length_is_read_whole() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        for length in [0, 1, 1023, 1024, 1025, 5000] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            fs::write(path, &bytes).unwrap();
            assert_eq!(contents(path), Some(bytes));
        }
        assert_eq!(contents("/proc/nothing"), None);
    }

    #[test]
    fn threads_use_processors() {
        let this = Stat::read(Pid::this()).unwrap();
        let times = processor_times(&this);
        assert!(times.iter().any(|(_, times)| !times.ran.is_zero()), "{times:?}");
        assert!(times.iter().any(|(thread, _)| *thread == nix::unistd::gettid()), "{times:?}");
        let gone = Stat { pid: Pid::from_raw(i32::MAX), ..this };
        assert!(processor_times(&gone).is_empty());
    }
}
