//! A run ends when the host wants it to, or when the host ends.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;

use runner::{Cancel, Ending, Error, Recording, Runner, Schedule};

use crate::Test;
use crate::acts::ACT;
use crate::harness::{Exchange, alive, eventually, shell, this, unique};

pub(crate) const TESTS: &[Test] = &[
    ("a_cancel_ends_a_run_and_all_later_ones", a_cancel_ends_a_run_and_all_later_ones),
    ("a_stopped_supervisor_is_cancelled_too", a_stopped_supervisor_is_cancelled_too),
    ("ctrl_c_is_a_cancel", ctrl_c_is_a_cancel),
    ("a_killed_host_leaves_nothing", a_killed_host_leaves_nothing),
    ("a_host_may_be_killed_after_the_run", a_host_may_be_killed_after_the_run),
    ("signals_start_with_their_defaults", signals_start_with_their_defaults),
];

fn a_cancel_ends_a_run_and_all_later_ones() {
    let sleep = unique();
    let runner = cancel(&sleep, &format!("setsid sleep {sleep} & "));
    let again = runner.record(&shell("echo never"), &Schedule::Free);
    assert!(matches!(again, Err(Error::Cancelled)), "{again:?}");
}

fn a_stopped_supervisor_is_cancelled_too() {
    // On a busy machine the host may see that the supervisor is stopped before it is cancelled.
    for _ in 0..20 {
        let sleep = unique();
        if cancelled(&sleep, "kill -STOP $PPID; ").1.is_none() {
            return;
        }
    }
    panic!("the host has always seen the stopped supervisor first");
}

/// Cancels the run of a script that begins like this, and then sleeps for `sleep`.
fn cancel(sleep: &str, script: &str) -> Runner {
    let (runner, recording) = cancelled(sleep, script);
    assert!(recording.is_none(), "{recording:?}");
    runner
}

/// The same; returns the recording if the host has noticed first that the supervisor is stopped.
fn cancelled(sleep: &str, script: &str) -> (Runner, Option<Recording>) {
    let exchange = Exchange::new();
    let cancel = Cancel::new().unwrap();
    let runner = Runner::new(cancel.clone()).unwrap();
    let begun = exchange.path("begun");
    let launch = shell(&format!("{script}echo > {begun}; sleep {sleep}; :"));
    let result = thread::scope(|scope| {
        let run = scope.spawn(|| runner.record(&launch, &Schedule::Free));
        exchange.line("begun");
        cancel.cancel();
        run.join().unwrap()
    });
    assert_eq!(alive(sleep), Vec::<i32>::new());
    let recording = match result {
        Err(Error::Cancelled) => None,
        Ok(recording) if recording.ending == Ending::SupervisorStopped => Some(recording),
        other => panic!("{other:?}"),
    };
    (runner, recording)
}

/// A host in another process, which records a script.
fn host(script: &str, deadline: u32) -> Command {
    let mut command = Command::new(this());
    command
        .args([ACT, "host", script, &deadline.to_string()])
        .stdout(Stdio::piped())
        .process_group(0);
    command
}

fn kill(signal: &str, child: &Child) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(status.unwrap().success());
}

fn ctrl_c_is_a_cancel() {
    let exchange = Exchange::new();
    let sleep = unique();
    let script = format!("echo > {}; sleep {sleep}", exchange.path("begun"));
    let child = host(&script, 60).spawn().unwrap();
    exchange.line("begun");
    kill("-INT", &child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "the run was cancelled\n");
    assert_eq!(alive(&sleep), Vec::<i32>::new());
}

fn a_killed_host_leaves_nothing() {
    let exchange = Exchange::new();
    let sleep = unique();
    let begun = exchange.path("begun");
    let script = format!("env -i setsid sleep {sleep} & echo $TMPDIR > {begun}; sleep {sleep}");
    let mut child = host(&script, 60).spawn().unwrap();
    let temporary = exchange.line("begun");
    assert!(fs::exists(&temporary).unwrap());
    kill("-KILL", &child);
    child.wait().unwrap();
    eventually("the end of all", || alive(&sleep).is_empty().then_some(()));
    eventually("an empty disk", || (!fs::exists(&temporary).unwrap()).then_some(()));
}

fn a_host_may_be_killed_after_the_run() {
    let exchange = Exchange::new();
    // While this file is there, the host checks again and again whether another program uses or removes it.
    let memory = format!("/dev/shm/another-{}", unique());
    let begun = exchange.path("begun");
    let mut child = host(&format!("touch {memory}; echo $TMPDIR > {begun}"), 60).spawn().unwrap();
    let temporary = exchange.line("begun");
    eventually("the end of the run", || {
        alive(&format!("TMPDIR={temporary}")).is_empty().then_some(())
    });
    kill("-KILL", &child);
    child.wait().unwrap();
    fs::remove_file(memory).unwrap();
    eventually("an empty disk", || (!fs::exists(&temporary).unwrap()).then_some(()));
}

fn signals_start_with_their_defaults() {
    // As after a shell's `&`: SIGINT is ignored, and a child inherits that.
    let output = Command::new("sh")
        .args(["-c", r#"trap '' INT QUIT; exec "$0" "$@""#])
        .arg(this())
        .args([ACT, "deaf-host", "kill -INT $$; echo survived", "60"])
        .output()
        .unwrap();
    let recording: Recording = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(recording.ending, runner::Ending::Signal(2));
}
