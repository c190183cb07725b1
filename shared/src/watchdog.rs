//! Finds out that a program can never go on, instead of waiting for it.
//!
//! Some scenes deadlock on purpose. A time limit could end them, but it would be luck: on a busy machine a slow program
//! looks like a stuck one. A deadlock can be seen: every thread sleeps until another one wakes it.
//!
//! ```
//! use std::sync::{Arc, Barrier, Mutex};
//! use std::thread;
//!
//! use shared::watchdog::{self, Ending};
//!
//! # #[cfg(target_os = "linux")]
//! # fn main() -> shared::Result<()> {
//! let ending = watchdog::run(|| {
//!     let locks = Arc::new((Mutex::new("fork"), Mutex::new("knife")));
//!     let barrier = Arc::new(Barrier::new(2));
//!     let (locks_too, barrier_too) = (Arc::clone(&locks), Arc::clone(&barrier));
//!     let left = thread::Builder::new().name("left".to_owned()).spawn(move || {
//!         let _fork = locks_too.0.lock();
//!         barrier_too.wait(); // Now each thread has one lock, and wants the other.
//!         let _knife = locks_too.1.lock();
//!     });
//!     let _knife = locks.1.lock();
//!     barrier.wait();
//!     let _fork = locks.0.lock();
//!     left.unwrap().join().unwrap();
//! })?;
//! let Ending::Stuck(threads) = ending else { panic!("it went on") };
//! let waiting: Vec<_> = threads.iter().map(ToString::to_string).collect();
//! assert_eq!(waiting, ["left waits for a futex", "work waits for a futex"]);
//! # Ok(())
//! # }
//! # #[cfg(not(target_os = "linux"))]
//! # fn main() {}
//! ```

use std::env::consts::ARCH;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use std::{fmt, fs, io, panic, thread};

use crate::{Error, Result, lesson};

/// The pause between two looks. It grows from the shortest to the longest.
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(16);

/// Where Linux shows the threads of this process.
const THREADS: &str = "/proc/self/task";

/// How some work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It returned.
    Finished,
    /// No thread could ever run again. Sorted by name.
    Stuck(Vec<Waiting>),
}

/// A thread that waits for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Waiting {
    /// The thread's name, of which Linux keeps the first 15 bytes. A thread without a name has the name of the thread
    /// that started it.
    pub name: String,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} waits for a futex", self.name)
    }
}

/// Runs `work` in a thread named `work`, and returns when it has ended or can never end.
///
/// It can never end if every thread of the process but the caller's waits for a *futex* without a timeout. Futexes are
/// what Linux builds locks, condition variables, channels, `park` and `join` from. A sleeping futex waiter does
/// nothing until another thread wakes it, so if all of them sleep, none ever runs again. A thread that runs, sleeps,
/// reads, or waits with a timeout can still wake the others.
///
/// The stuck threads keep what they hold, and end with the process.
///
/// # What it does not find
///
/// - A deadlock of some threads while another one goes on for ever, or waits for input.
/// - Threads that run and get nowhere: a livelock, or a spin lock that no one releases.
///
/// # What it mistakes for a deadlock
///
/// - A wait for the caller's own thread: `run` does not return before the work has ended.
/// - A wait for another process through a futex in shared memory, as in `shared::sync`.
/// - A wait that only a signal handler ends.
///
/// # Errors
///
/// The error of [`lesson::skip`] if this system does not show what its threads wait for. Then the work has not started.
///
/// # Panics
///
/// With the panic of `work`.
pub fn run(work: impl FnOnce() + Send + 'static) -> Result<Ending> {
    let own = own_thread()?;
    let (ended, end) = mpsc::channel::<()>();
    let work = move || {
        let _dropped_at_the_end = ended;
        work();
    };
    let work = thread::Builder::new().name("work".to_owned()).spawn(work);
    let work = work.map_err(|source| Error::System { call: "pthread_create", source })?;

    let mut before = None;
    let mut pause = SHORTEST;
    while end.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let now = look(&own);
        if now.is_some() && now == before {
            let threads = now.into_iter().flatten();
            let mut waiting: Vec<_> = threads.map(|Asleep { name, .. }| Waiting { name }).collect();
            waiting.sort();
            return Ok(Ending::Stuck(waiting));
        }
        before = now;
        pause = LONGEST.min(pause * 2);
    }
    match work.join() {
        Ok(()) => Ok(Ending::Finished),
        Err(panic) => panic::resume_unwind(panic),
    }
}

/// A thread that was seen asleep in a futex wait without a timeout.
#[derive(PartialEq)]
struct Asleep {
    thread: String,
    name: String,
    /// How often it has stopped running in order to wait. If it wakes and sleeps again, this number has grown.
    waits: u64,
}

/// One look at all threads but `own`, in the order of /proc. `None` if any of them is not asleep.
///
/// Threads are read one after the other, and one that was seen asleep may have been woken by the next. So a single look
/// proves nothing. Two equal looks do: between the end of the first and the start of the second, all of them slept.
fn look(own: &str) -> Option<Vec<Asleep>> {
    let mut threads = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(THREADS).ok()? {
        let thread = entry.ok()?.file_name().into_string().ok()?;
        count += 1;
        if thread != own {
            threads.push(asleep(thread)?);
        }
    }
    // A list that is read while a thread ends may be incomplete.
    (status(own)?.threads == count).then_some(threads)
}

/// The thread, if it is asleep now.
fn asleep(thread: String) -> Option<Asleep> {
    // The call first: it is only shown once the thread has really stopped, and the number that is read after it counts
    // this stop. If the next look finds the same number, the thread has not run in between.
    if !waits_without_timeout(&call(&thread).ok()?) {
        return None;
    }
    let Status { state: 'S', name, waits, .. } = status(&thread)? else { return None };
    Some(Asleep { thread, name, waits })
}

/// What /proc shows for a thread's system call: the call's number and six arguments in hexadecimal, or `running`.
fn call(thread: &str) -> io::Result<String> {
    fs::read_to_string(format!("{THREADS}/{thread}/syscall"))
}

fn waits_without_timeout(call: &str) -> bool {
    let mut words = call.split(' ');
    let number = words.next().and_then(|number| number.parse().ok());
    // The fourth argument of both calls points to the timeout, if there is one.
    number.is_some_and(|number| FUTEX == Some(number) || number == FUTEX_WAITV)
        && words.nth(3) == Some("0x0")
}

/// The number of futex(2), where it is known.
const FUTEX: Option<u32> = if cfg!(target_arch = "x86_64") {
    Some(202)
} else if cfg!(any(target_arch = "aarch64", target_arch = "riscv64")) {
    Some(98)
} else {
    None
};

/// The number of `futex_waitv`, on every architecture.
const FUTEX_WAITV: u32 = 449;

/// What /proc shows of a thread, see proc_pid_status(5).
struct Status {
    name: String,
    state: char,
    waits: u64,
    /// How many threads the process has.
    threads: usize,
}

fn status(thread: &str) -> Option<Status> {
    let bytes = fs::read(format!("{THREADS}/{thread}/status")).ok()?;
    // A name that Linux has cut may end within a character.
    let text = String::from_utf8_lossy(&bytes);
    let field = |name| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    Some(Status {
        name: field("Name:")?.trim_end_matches(char::REPLACEMENT_CHARACTER).to_owned(),
        state: field("State:")?.chars().next()?,
        waits: field("voluntary_ctxt_switches:")?.parse().ok()?,
        threads: field("Threads:")?.parse().ok()?,
    })
}

/// The caller's thread as /proc names it, if /proc shows all that a look needs.
fn own_thread() -> Result<String> {
    if FUTEX.is_none() {
        return Err(lesson::skip(format!(
            "the watchdog does not know the number of the futex call on {ARCH}: add it to {}",
            file!()
        )));
    }
    let own = fs::read_link("/proc/thread-self").and_then(|path| {
        let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        call(&own)?;
        Ok(own)
    });
    own.map_err(|error| {
        lesson::skip(format!(
            "the watchdog reads {THREADS}/*/syscall, and cannot ({error}): use Linux, and a container that shows \
             this file"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_futex_wait_without_a_timeout_is_told_from_other_calls() {
        let futex = FUTEX.expect("this architecture");
        let [wait, timed] = ["0x0", "0x7f61"].map(|timeout| {
            format!("{futex} 0x7f60 0x89 0x2 {timeout} 0x0 0xffffffff 0x7f62 0x7f63")
        });
        assert!(waits_without_timeout(&wait));
        assert!(!waits_without_timeout(&timed));
        assert!(waits_without_timeout("449 0x7f60 0x1 0x0 0x0 0x0 0x0 0x7f62 0x7f63"));
        // A read of no bytes; a thread that runs; one that is not in a call.
        assert!(!waits_without_timeout("0 0x3 0x7f60 0x0 0x0 0x0 0x0 0x7f62 0x7f63"));
        assert!(!waits_without_timeout("running\n"));
        assert!(!waits_without_timeout("-1 0x7f62 0x7f63\n"));
        assert!(!waits_without_timeout(""));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_that_has_run_between_two_looks_is_not_the_same() {
        let (sender, receiver) = mpsc::channel();
        let sleeper = thread::spawn(move || {
            sender.send(own_thread().unwrap()).unwrap();
            thread::park();
            thread::park();
        });
        let thread = receiver.recv().unwrap();
        let look = || {
            loop {
                if let Some(asleep) = asleep(thread.clone()) {
                    return asleep;
                }
            }
        };
        let before = look();
        assert!(look() == before);
        sleeper.thread().unpark(); // It is awake now, and soon sleeps again.
        assert!(look() != before);
        sleeper.thread().unpark();
        sleeper.join().unwrap();
        assert!(asleep(thread).is_none());
    }
}
