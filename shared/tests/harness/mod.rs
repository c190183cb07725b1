//! Runs each test in its own process, with a deadline, and checks what it leaves behind.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use std::{env, fs, io, process, thread};

use libtest_mimic::{Arguments, Failed, Trial};
use nix::errno::Errno;
use nix::libc::O_ASYNC;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

/// A test's name and its body, or an act: a program that a test starts.
pub(crate) type Body = (&'static str, fn());

/// Names the body to run in this process, instead of the tests.
const PLAY: &str = "PLAY";
/// Ends a test that waits for what never comes, so most tests need no timeout. The storms of `STORM=full` have ten
/// times as long.
const DEADLINE: Duration = Duration::from_secs(60);
/// The folder of shared memory that has a name.
const NAMED_MEMORY: &str = "/dev/shm";

/// The whole `main` of the test target.
pub(crate) fn main(tests: &[Body], acts: &[Body]) -> ExitCode {
    if let Ok(name) = env::var(PLAY) {
        let (_, body) = tests
            .iter()
            .chain(acts)
            .find(|(known, _)| *known == name)
            .expect("a body of that name");
        body();
        return ExitCode::SUCCESS;
    }
    // A shell's background job has SIGINT ignored, and so would each process of a test. A handler is not inherited.
    for signal in TERM_SIGNALS {
        flag::register_conditional_default(*signal, Arc::new(AtomicBool::new(true)))
            .expect("a handler");
    }
    // Every orphan of a test becomes a child of this process, so it is seen.
    prctl::set_child_subreaper(true).expect("child subreaper");
    let trials = tests.iter().map(|&(name, _)| Trial::test(name, move || run(name))).collect();
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A command that runs this program once more, for one body.
pub(crate) fn play(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("own path"));
    command.env(PLAY, name);
    command
}

/// The numbers of this process's open descriptors, apart from the ends of lifelines.
pub(crate) fn descriptors() -> Vec<String> {
    let (_, others) = lifelines_and_others();
    others.into_keys().collect()
}

/// The ends of lifelines: the number of each, and the pipe. A process has two for each of its children. Without a child
/// it may keep two for the next one.
pub(crate) fn lifelines() -> BTreeMap<String, PathBuf> {
    lifelines_and_others().0
}

fn lifelines_and_others() -> (BTreeMap<String, PathBuf>, BTreeMap<String, PathBuf>) {
    let entries = fs::read_dir("/proc/self/fd").expect("/proc/self/fd");
    let numbers: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    let numbers = numbers.iter().map(|number| number.to_string_lossy().into_owned());
    // Reading the folder took a descriptor, which has gone by now.
    let open = numbers.filter_map(|number| {
        let file = fs::read_link(format!("/proc/self/fd/{number}")).ok()?;
        Some((number, file))
    });
    open.partition(|(number, _)| sends_signals(number))
}

/// Whether O_ASYNC is set for it. In these programs only lifelines have it.
fn sends_signals(number: &str) -> bool {
    let text = fs::read_to_string(format!("/proc/self/fdinfo/{number}")).expect("it is open");
    let flags = text.lines().find_map(|line| line.strip_prefix("flags:")).expect("it has flags");
    i32::from_str_radix(flags.trim(), 8).expect("an octal number") & O_ASYNC != 0
}

/// A process's state letter and its parent, as in /proc/PID/stat. `None` if there is no such process.
pub(crate) fn state(pid: Pid) -> Option<(char, i32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is a name in parentheses, which may hold anything.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Checks again and again until the condition holds. Panics if it does not within the timeout.
pub(crate) fn eventually(what: &str, timeout: Duration, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < timeout, "not within {timeout:?}: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Each body ends with this check, in its own process.
pub(crate) fn nothing_left(descriptors_before: &[String]) {
    assert_eq!(descriptors(), descriptors_before, "descriptors");
    let spare = lifelines();
    assert!([0, 2].contains(&spare.len()), "more than one spare lifeline: {spare:?}");
    assert_eq!(
        waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)),
        Err(Errno::ECHILD),
        "a child or a zombie is left"
    );
}

/// Plays a body, and checks what it has left behind.
///
/// All programs share the folder of named memory, and a name does not show its program. What the body itself
/// leaves there, it leaves each time.
fn run(name: &str) -> Result<(), Failed> {
    let mut left = Vec::new();
    for _ in 0..3 {
        left = run_once(name)?;
        if left.is_empty() {
            return Ok(());
        }
    }
    Err(format!("left in {NAMED_MEMORY}, three times in a row: {left:?}").into())
}

/// The names that have come into the folder of named memory and stay.
fn run_once(name: &str) -> Result<Vec<OsString>, Failed> {
    // A separate folder: in the common one, other programs create and remove files.
    let folder = Folder(env::temp_dir().join(format!("shared-{}-{name}", process::id())));
    fs::create_dir_all(&folder.0)?;
    let memory_before = names(NAMED_MEMORY)?;
    let mut child = play(name).env("TMPDIR", &folder.0).process_group(0).spawn()?;
    let group = Pid::from_raw(child.id() as i32);
    let status = wait(&mut child)?;
    let left = reap_all(group);
    let files = names(&folder.0)?;
    match status {
        None => return Err(format!("still running after {:?}", deadline()).into()),
        Some(status) if !status.success() => return Err(status.to_string().into()),
        Some(_) => {}
    }
    if left > 0 {
        return Err(format!("{left} processes left behind").into());
    }
    if !files.is_empty() {
        return Err(format!("left in the folder for temporary files: {files:?}").into());
    }
    Ok(memory_left(&memory_before)?)
}

/// A test's folder for temporary files. Dropping it removes it with all that is in it.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Other programs use named memory too, most of them for a moment: only what stays is left behind.
fn memory_left(before: &BTreeSet<OsString>) -> io::Result<Vec<OsString>> {
    let start = Instant::now();
    loop {
        let left: Vec<_> = names(NAMED_MEMORY)?.difference(before).cloned().collect();
        if left.is_empty() || start.elapsed() > Duration::from_secs(1) {
            return Ok(left);
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn names(folder: impl AsRef<Path>) -> io::Result<BTreeSet<OsString>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// How long a test may take before it is ended.
pub(crate) fn deadline() -> Duration {
    if env::var_os("STORM").is_some() { 10 * DEADLINE } else { DEADLINE }
}

fn wait(child: &mut Child) -> io::Result<Option<std::process::ExitStatus>> {
    let start = Instant::now();
    loop {
        match child.try_wait()? {
            None if start.elapsed() < deadline() => thread::sleep(Duration::from_millis(1)),
            None => {
                killpg(Pid::from_raw(child.id() as i32), Signal::SIGKILL)?;
                child.wait()?;
                return Ok(None);
            }
            status => return Ok(status),
        }
    }
}

/// Ends what is left of a test and counts it.
fn reap_all(group: Pid) -> usize {
    let _ = killpg(group, Signal::SIGKILL);
    let mut left = 0;
    loop {
        match waitpid(None::<Pid>, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => kill_children(),
            Err(Errno::ECHILD) => return left,
            // EINVAL too: a real-time signal ended it, which nix has no name for.
            Ok(_) | Err(_) => left += 1,
        }
    }
}

/// Also those in other groups. Their children then become children of this process.
fn kill_children() {
    let pids = names("/proc").unwrap_or_default();
    for pid in pids.iter().filter_map(|name| name.to_str()?.parse().ok().map(Pid::from_raw)) {
        if state(pid).is_some_and(|(_, parent)| parent == Pid::this().as_raw()) {
            let _ = kill(pid, Signal::SIGKILL);
        }
    }
}
