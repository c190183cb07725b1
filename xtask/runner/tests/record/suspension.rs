//! Ctrl-Z stops the runs with the host, and the time does not count.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use runner::{Ending, Recording};

use crate::Test;
use crate::acts::ACT;
use crate::harness::{Exchange, eventually, state, this};

pub(crate) const TESTS: &[Test] =
    &[("a_stopped_host_stops_its_runs", a_stopped_host_stops_its_runs)];

const DEADLINE: Duration = Duration::from_secs(3);

fn a_stopped_host_stops_its_runs() {
    let exchange = Exchange::new();
    // One of the two is in another session. The other has stopped itself, and must not be continued.
    let script = format!(
        "cd {}; setsid sh -c 'echo $$ > other; while :; do sleep 0.01; done' & \
         sh -c 'echo $$ > still; kill -STOP $$' & echo $$ > leader; \
         until [ -e go ]; do sleep 0.01; done; kill -KILL $(cat other still); wait",
        exchange.path("")
    );
    let child = Command::new(this())
        .args([ACT, "host", &script, &DEADLINE.as_secs().to_string()])
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let host = child.id().cast_signed();
    let [leader, other, still] =
        ["leader", "other", "still"].map(|name| exchange.line(name).parse::<i32>().unwrap());
    eventually("it has stopped itself", || (state(still) == Some('T')).then_some(()));

    let signal = |signal: &str| {
        assert!(Command::new("kill").args([signal, &host.to_string()]).status().unwrap().success());
    };
    signal("-TSTP");
    for pid in [host, leader, other] {
        eventually("all are stopped", || is_stopped(pid).then_some(()));
    }
    thread::sleep(DEADLINE + Duration::from_millis(500));
    assert_eq!([host, leader, other].map(is_stopped), [true; 3], "and stay so");

    signal("-CONT");
    for pid in [leader, other] {
        eventually("both go on", || (!is_stopped(pid)).then_some(()));
    }
    assert_eq!(state(still), Some('T'));
    fs::write(exchange.path("go"), "").unwrap();
    let output = child.wait_with_output().unwrap();
    let recording: Recording = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(recording.ending, Ending::Code(0), "the deadline has waited: {recording:?}");
    // A busy machine may delay each of two processes for as long as the run went on.
    let most = 2 * recording.wall + Duration::from_secs(1);
    assert!(recording.stall < most, "the machine did not stall: {recording:?}");
}

/// Whether the process is stopped, or waits in vfork(2) for a child that is: no signal reaches it there.
fn is_stopped(pid: i32) -> bool {
    matches!(state(pid), Some('T' | 'D'))
}
