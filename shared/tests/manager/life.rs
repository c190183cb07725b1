//! What a manager needs, and what ends with it.

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, pause};
use rustix::process::{Resource, Rlimit, setrlimit};
use shared::{Error, Exit, Manager, Process};

use crate::harness::{Body, descriptors, eventually, nothing_left, play, state};
use crate::{listeners, sent};

pub(crate) const TESTS: &[Body] = &[
    ("without_descriptors_earlier_queues_go_on", without_descriptors_earlier_queues_go_on),
    ("a_forked_copy_makes_no_queue_and_ends_nothing", a_forked_copy_does_nothing),
    ("a_manager_ends_with_a_killed_parent", a_manager_ends_with_a_killed_parent),
    ("a_thousand_managers_leave_nothing", a_thousand_managers_leave_nothing),
];

pub(crate) const ACTS: &[Body] = &[("start a manager and stay", act_start_and_stay)];

fn without_descriptors_earlier_queues_go_on() {
    let before = descriptors();
    // A queue takes three: with one of these limits none would be left to answer with.
    for limit in [42, 41, 40].map(Some) {
        setrlimit(Resource::Nofile, Rlimit { current: limit, maximum: limit }).unwrap();
        let manager = Manager::start().unwrap();
        let mut queues = Vec::new();
        let refused = loop {
            match manager.queue::<usize>() {
                Ok(queue) => queues.push(queue),
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, Error::System { .. }), "the manager lives: {refused}");
        assert!(refused.to_string().contains("Too many open files"), "{refused}");
        assert!(queues.len() > 5 && queues.len() < 20, "{} queues", queues.len());
        for (number, queue) in queues.iter().enumerate() {
            sent(queue).open().unwrap().put(&number).unwrap();
            assert_eq!(queue.open().unwrap().get().unwrap(), number);
        }
    }
    nothing_left(&before);
}

fn a_forked_copy_does_nothing() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let child = Process::new({
        let manager = &manager;
        let queue = sent(&queue);
        move || {
            assert!(matches!(manager.queue::<u32>(), Err(Error::Other(_))));
            queue.open()?.put(&1)?; // Its own handle works.
            shared::exit(0)
        }
    });
    assert_eq!(child.start().unwrap().join().unwrap(), Exit::Code(0));
    assert_eq!(sent(&queue).open().unwrap().get().unwrap(), 1);
    drop((queue, manager));
    nothing_left(&before);
}

fn a_manager_ends_with_a_killed_parent() {
    prctl::set_child_subreaper(true).unwrap(); // So that a manager becomes a child of this process, and is seen.
    let listeners_before = listeners();
    for signal in [Signal::SIGKILL, Signal::SIGTERM, Signal::SIGINT] {
        let mut parent = play("start a manager and stay").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = [0; 64];
        let length = parent.stdout.as_mut().unwrap().read(&mut line).unwrap();
        let line = std::str::from_utf8(&line[..length]).unwrap();
        let manager = Pid::from_raw(line.trim().parse().unwrap());
        assert!(listeners() > listeners_before);
        kill(Pid::from_raw(parent.id() as i32), signal).unwrap();
        parent.wait().unwrap();
        eventually("the manager has ended", Duration::from_secs(1), || {
            matches!(state(manager), Some(('Z', _)))
        });
        waitpid(manager, None).unwrap();
    }
    eventually("no listener is left", Duration::from_secs(1), || listeners() == listeners_before);
}

/// Runs as a separate program.
fn act_start_and_stay() {
    let manager = Manager::start().unwrap();
    let _queue = manager.queue::<u32>().unwrap();
    println!("{}", manager.pid());
    loop {
        pause();
    }
}

fn a_thousand_managers_leave_nothing() {
    let (before, listeners_before) = (descriptors(), listeners());
    for number in 0..1000_u32 {
        let manager = Manager::start().unwrap();
        let queue = manager.queue().unwrap();
        sent(&queue).open().unwrap().put(&number).unwrap();
        assert_eq!(queue.open().unwrap().get().unwrap(), number);
    }
    assert_eq!(listeners(), listeners_before);
    nothing_left(&before);
}
