//! Births and ends.

use std::process::Command;

use runner::{Exit, Recording};

use crate::Test;
use crate::harness::{own, record, shell};

pub(crate) const TESTS: &[Test] = &[
    ("a_family_is_told", a_family_is_told),
    ("an_orphan_may_end_in_peace", an_orphan_may_end_in_peace),
    ("an_orphan_is_reaped_while_the_leader_lives", an_orphan_is_reaped_while_the_leader_lives),
    ("a_wait_for_a_processor_is_a_stall", a_wait_for_a_processor_is_a_stall),
    ("processors_that_others_use_are_a_stall", processors_that_others_use_are_a_stall),
];

fn a_family_is_told() {
    // The subshell ends before its child, which the supervisor inherits and reaps.
    let recording =
        record(shell("(sh -c 'sleep 0.4; exit 5' & sleep 0.2); sh -c 'sleep 0.6; exit 6'; exit 7"));
    let processes = &recording.processes;
    let leader = &processes[0];
    assert_eq!(leader.exit, Some(Exit::Code(7)));
    assert_eq!(leader.ended, Some(recording.wall));
    assert!(leader.command.starts_with("sh -c (sh -c"), "{leader:?}");

    let find = |part: &str| {
        processes[1..].iter().find(|process| process.command.starts_with(part)).unwrap()
    };
    let orphan = find("sh -c sleep 0.4");
    assert_eq!(orphan.exit, Some(Exit::Code(5)), "{orphan:?}");
    let subshell = processes.iter().find(|process| process.pid == orphan.parent).unwrap();
    assert_eq!(subshell.parent, leader.pid);
    assert!(subshell.ended < orphan.ended, "{processes:?}");
    // Its parent reaps it quickly: the supervisor may not have seen how it ended.
    let child = find("sh -c sleep 0.6");
    assert_eq!(child.parent, leader.pid);
    assert!(child.exit.is_none_or(|exit| exit == Exit::Code(6)), "{child:?}");
    assert!(child.born <= child.ended.unwrap(), "{child:?}");
}

fn an_orphan_may_end_in_peace() {
    // The inner shell ends at once; its child loses its parent, prints, and ends before the leader does.
    let recording = record(shell("(sh -c 'sleep 0.1; echo orphan' &); sleep 0.6; echo end"));
    assert_eq!(recording.stdout(), b"orphan\nend\n");
    assert!(own(&recording).is_empty(), "{recording:?}");
    // The leader's last read ends when the orphan does, and both are gone at almost the same time.
    let recording = record(shell("echo $( (sleep 0.05; echo orphan) & )"));
    assert_eq!(recording.stdout(), b"orphan\n");
    assert!(own(&recording).is_empty(), "{recording:?}");
    // This one closes its stdout to say that it is done, and ends a moment after the leader.
    let recording = record(shell("echo $( (sh -c 'echo orphan; exec >&-; sleep 0.03' &) )"));
    assert_eq!(recording.stdout(), b"orphan\n");
    assert!(own(&recording).is_empty(), "{recording:?}");
}

fn an_orphan_is_reaped_while_the_leader_lives() {
    // Signal 0 reaches a zombie, too.
    let script = "(sh -c 'echo $$ > pid; sleep 0.1' &); until [ -s pid ]; do :; done; \
                  while kill -0 $(cat pid) 2>/dev/null; do sleep 0.01; done; rm pid; echo gone";
    let recording = record(shell(script));
    assert_eq!(recording.stdout(), b"gone\n");
    assert!(own(&recording).is_empty(), "{recording:?}");
}

fn a_wait_for_a_processor_is_a_stall() {
    // Four other programs, each in a session of its own, compute on the core that the run needs. The system shares the
    // core among the five of them.
    let core = "taskset -c $(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')";
    let compute = |rounds: u32| {
        format!("i=0; exec {core} sh -c 'while [ $((i+=1)) -lt {rounds} ]; do :; done; echo ran'")
    };
    let other = || Command::new("setsid").args(["sh", "-c", &compute(u32::MAX)]).spawn().unwrap();
    let others = [(); 4].map(|()| other());
    let recording = record(shell(&compute(300_000)));
    for mut other in others {
        other.kill().unwrap();
        other.wait().unwrap();
    }
    assert_eq!(recording.stdout(), b"ran\n");
    let used = recording.processor.unwrap();
    assert!(recording.stall >= 2 * used, "{:?}, {used:?}", recording.stall);
}

fn processors_that_others_use_are_a_stall() {
    // Eight chains of processes. Each process lives for a few milliseconds, so that no look sees it wait for long.
    let compute = |rounds: u32| format!("i=0; while [ $((i+=1)) -lt {rounds} ]; do :; done");
    let chains = format!(
        "link() {{ {}; if [ $1 -lt 20 ]; then link $(($1 + 1)) & fi; }}
         for chain in 1 2 3 4 5 6 7 8; do link 1 & done | cat; echo ran",
        compute(5_000)
    );
    let compute_for_ever = compute(u32::MAX);
    let mut other = Command::new("setsid").args(["sh", "-c", &compute_for_ever]).spawn().unwrap();
    let mut recording = record(shell(&chains));
    for _ in 0..20 {
        // On a busy machine the run may get too little of a processor to count as one that computes.
        if recording.processor.unwrap() >= recording.wall / 4 {
            break;
        }
        recording = record(shell(&chains));
    }
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(recording.stdout(), b"ran\n");
    let Recording { stall, wall, processor, .. } = recording;
    assert!(stall >= wall / 5, "{stall:?} of {wall:?}, used {processor:?}");
}
