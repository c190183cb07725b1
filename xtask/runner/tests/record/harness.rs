//! Functions that the tests share.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use runner::{
    Cancel, Choice, Directed, Direction, Launch, Leftover, Recording, Runner, Schedule, View,
};
use tempfile::TempDir;

use crate::acts::ACT;

/// Most tests record at the same time, as a check does.
pub(crate) static RUNNER: LazyLock<Runner> =
    LazyLock::new(|| Runner::new(Cancel::new().unwrap()).unwrap());

/// How long a program may run here, unless a test is about the deadline.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// A deadline for programs that hang. It leaves them enough time to reach the place where they hang, also on a busy
/// machine.
pub(crate) const SHORT: Duration = Duration::from_secs(2);

/// A shell that runs `script`.
pub(crate) fn shell(script: &str) -> Launch {
    Launch::new(["sh", "-c", script]).deadline(PATIENCE)
}

/// One of our own programs.
pub(crate) fn act(name: &str) -> Launch {
    Launch::new([this(), ACT.into(), name.into()]).deadline(PATIENCE)
}

/// The program of these tests.
pub(crate) fn this() -> OsString {
    env::current_exe().unwrap().into_os_string()
}

/// Records it, undisturbed, and checks that none of its processes is left.
pub(crate) fn record(launch: Launch) -> Recording {
    let unique = unique();
    let recording = RUNNER.record(&launch.variable(UNIQUE, &unique), &Schedule::Free).unwrap();
    assert_eq!(alive(&format!("{UNIQUE}={unique}")), Vec::<i32>::new(), "processes are left");
    recording
}

/// Directs it by these choices, then always by the first option, and checks that they fit and that none of its
/// processes is left.
pub(crate) fn replay(launch: Launch, choices: &[usize]) -> Directed {
    let directed = direct(launch, &Direction::default(), by(choices));
    let made = directed.choices();
    let needed = choices.iter().rposition(|choice| *choice != 0).map_or(0, |last| last + 1);
    assert!(made.starts_with(&choices[..needed]), "{choices:?} {directed:?}");
    directed
}

/// Makes these choices, then always takes the first option.
pub(crate) fn by(choices: &[usize]) -> impl FnMut(&View<'_>) -> Choice {
    let mut left = choices.iter().copied();
    move |view| {
        let choice = left.next().unwrap_or_default();
        assert!(choice < view.options.len(), "{choice} of {view:?}");
        Choice::Take(choice)
    }
}

/// Directs it, and checks that none of its processes is left.
pub(crate) fn direct(
    launch: Launch,
    direction: &Direction,
    mut choose: impl FnMut(&View<'_>) -> Choice,
) -> Directed {
    let unique = unique();
    let launch = launch.variable(UNIQUE, &unique);
    let directed = RUNNER.direct(&launch, direction, &mut choose).unwrap();
    // At its deadline, all that was held goes on, as if it had never been held.
    assert!(directed.recording.wall < PATIENCE, "it never ended: {directed:?}");
    assert_eq!(alive(&format!("{UNIQUE}={unique}")), Vec::<i32>::new(), "processes are left");
    directed
}

/// What a run printed.
pub(crate) fn output(directed: &Directed) -> String {
    String::from_utf8(directed.recording.stdout()).unwrap()
}

/// The environment variable that identifies the processes of one test.
const UNIQUE: &str = "RUNNER_TEST";

/// A word that no other run of any test uses. It is also a number, which `sleep` accepts.
pub(crate) fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("1000.{}{count:05}", std::process::id())
}

/// Every process that has `word` in its environment or among its arguments, except zombies.
pub(crate) fn alive(word: &str) -> Vec<i32> {
    let has = |file: PathBuf| {
        let bytes = fs::read(file).unwrap_or_default();
        bytes.split(|byte| *byte == 0).any(|one| one == word.as_bytes())
    };
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let words = entries
        .filter(|entry| has(entry.path().join("environ")) || has(entry.path().join("cmdline")));
    words.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The leftovers that certainly belong to the run: other programs on this machine leave things too.
pub(crate) fn own(recording: &Recording) -> Vec<&Leftover> {
    recording.leftovers.iter().filter(|leftover| !leftover.may_be_foreign()).collect()
}

/// The same in words.
pub(crate) fn said(recording: &Recording) -> Vec<String> {
    own(recording).iter().map(ToString::to_string).collect()
}

/// `R`, `S`, `T`, ... of a process.
pub(crate) fn state(pid: i32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

/// Waits until `condition` holds. The limit guards against hanging, and measures nothing.
pub(crate) fn eventually<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "it never came: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A folder in which test and program leave messages for each other.
pub(crate) struct Exchange(TempDir);

impl Exchange {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Waits for a complete line in the file of this name.
    pub(crate) fn line(&self, name: &str) -> String {
        eventually(name, || {
            let text = fs::read_to_string(self.path(name)).ok()?;
            text.strip_suffix('\n').map(str::to_owned)
        })
    }
}
