//! In a directed run all clocks and timers are the run's.

use std::process::Command;

use rustix::time::{ClockId, clock_getres};

use crate::Test;
use crate::harness::{Exchange, act, output, replay, shell};

pub(crate) const TESTS: &[Test] = &[
    ("the_clock_knows_only_sleeps", the_clock_knows_only_sleeps),
    ("all_clocks_show_the_same_time", all_clocks_show_the_same_time),
    ("a_clock_goes_on_for_one_who_waits_for_it", a_clock_goes_on_for_one_who_waits_for_it),
    ("a_look_takes_a_moment", a_look_takes_a_moment),
    ("timers_end_by_the_clock", timers_end_by_the_clock),
    ("a_command_that_is_too_slow_is_ended", a_command_that_is_too_slow_is_ended),
];

fn the_clock_knows_only_sleeps() {
    let directed = replay(act("sleeps"), &[0]);
    assert_eq!(output(&directed), "100 s, 100 s\n200 s, 200 s\n300 s, 300 s\n");
}

/// What a program in C prints. None if it cannot be compiled here.
fn printed(source: &str) -> Option<String> {
    let exchange = Exchange::new();
    let program = exchange.path("program");
    let source = format!("{}/tests/record/programs/{source}", env!("CARGO_MANIFEST_DIR"));
    let mut cc = Command::new("cc");
    match cc.args(["-Wall", "-pthread", "-o", &program, &source]).status() {
        Ok(status) => assert!(status.success(), "{source}"),
        Err(_) => {
            eprintln!("skipped: this machine has no cc");
            return None;
        }
    }
    Some(output(&replay(shell(&program), &[0])))
}

fn all_clocks_show_the_same_time() {
    let Some(printed) = printed("clocks.c") else { return };
    let clocks = ["clock_gettime", "coarse", "gettimeofday", "time"];
    let called = ["clock_gettime(2)", "gettimeofday(2)", "time(2)"];
    let lines = clocks.iter().chain(&called).map(|clock| format!("{clock} 100000\n"));
    let resolution = clock_getres(ClockId::Monotonic).tv_nsec;
    let expected =
        lines.collect::<String>() + &format!("resolution {resolution} ns, used little\n");
    assert_eq!(printed, expected);
}

fn a_clock_goes_on_for_one_who_waits_for_it() {
    assert_eq!(output(&replay(act("waits-for-the-clock"), &[0])), "alone\nbeside another\n");
}

fn a_look_takes_a_moment() {
    // But not many looks, whose number depends on the machine.
    let directed = replay(act("looks"), &[0]);
    assert_eq!(output(&directed), "1 µs\nprinted\n1000 µs\n");
}

fn timers_end_by_the_clock() {
    let Some(printed) = printed("timers.c") else { return };
    let expected = "\
        alarm 5000, 95 s left, 1 signal\n\
        none 5000, 95 s left, 1 signal\n\
        nanosleep 2000, 8 s left\n\
        setitimer 50, 20000 us left of 20000\n\
        it was at 20000 us\n\
        timer_settime 3 s left, 3000, value 7\n\
        thread 2000, value 9\n\
        timerfd 400: 0, 300: 1, 1 times, 300: 1 times\n\
        parent\n\
        child\n";
    assert_eq!(printed, expected);
}

fn a_command_that_is_too_slow_is_ended() {
    let script = "timeout 1 sleep 100; echo $?; timeout 100 sleep 1; echo $?";
    if Command::new("timeout").arg("--version").output().is_err() {
        return eprintln!("skipped: this machine has no timeout");
    }
    assert_eq!(output(&replay(shell(script), &[0])), "124\n0\n");
}
