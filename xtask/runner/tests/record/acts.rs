//! Programs that a shell script cannot replace.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use runner::{Cancel, Launch, Runner, Schedule};

/// The first argument of this program, if it must act as one of these.
pub(crate) const ACT: &str = "act";

pub(crate) fn play(name: &str, arguments: &[String]) {
    match name {
        "threads" => threads(),
        "own-pipe" => own_pipe(),
        "evil-name" => evil_name(),
        "busy" => while !std::hint::black_box(false) {},
        "work" => work(),
        "host" => host(Cancel::on_signals().unwrap(), arguments),
        "deaf-host" => host(Cancel::new().unwrap(), arguments),
        _ => panic!("no act is called {name}"),
    }
}

/// Hangs: one waits for a lock, one sleeps, main waits for both.
fn threads() {
    let lock = Mutex::new(());
    let _held = lock.lock();
    thread::scope(|scope| {
        let locker = thread::Builder::new().name("locker".to_owned());
        locker.spawn_scoped(scope, || drop(lock.lock())).unwrap();
        let sleeper = thread::Builder::new().name("sleeper".to_owned());
        sleeper.spawn_scoped(scope, || thread::sleep(Duration::from_secs(1000))).unwrap();
    });
}

/// Hangs: no end-of-file comes while it has the write end open itself.
fn own_pipe() {
    let (mut reader, _writer) = io::pipe().unwrap();
    reader.read_to_end(&mut Vec::new()).unwrap();
}

/// Leaves a child whose name clears a screen.
fn evil_name() {
    let child = Command::new("sleep").arg0("\u{1b}[2Jevil\n").arg("1000").spawn().unwrap();
    std::mem::forget(child); // The supervisor ends it.
}

/// Uses this much processor time, however long that takes.
pub(crate) const WORK: Duration = Duration::from_millis(100);

fn work() {
    let used = || {
        let used = getrusage(UsageWho::RUSAGE_SELF).unwrap();
        let microseconds = (used.user_time() + used.system_time()).num_microseconds();
        Duration::from_micros(microseconds.cast_unsigned())
    };
    while used() < WORK {}
}

/// Records a shell script, and prints the recording. The deadline is in seconds.
fn host(cancel: Cancel, arguments: &[String]) {
    let [script, deadline] = arguments else { panic!("a script and a deadline, please") };
    let runner = Runner::new(cancel).unwrap();
    let deadline = Duration::from_secs(deadline.parse().unwrap());
    let launch = Launch::new(["sh", "-c", script]).deadline(deadline);
    match runner.record(&launch, &Schedule::Free) {
        Ok(recording) => println!("{}", serde_json::to_string(&recording).unwrap()),
        Err(error) => println!("{error}"),
    }
}
