//! Many times each: threads that are always stuck, and threads that are nearly stuck all the time.

use std::env;
use std::process::{Child, Command};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Barrier, Condvar, Mutex};

use crate::harness::{Body, play};
use crate::{finished, start, stuck};

pub(crate) const TESTS: &[Body] = &[
    ("crossed_locks_are_always_found", crossed_locks),
    ("crossed_locks_are_always_found_on_a_busy_machine", || busy(crossed_locks)),
    ("a_rally_is_never_stuck", rallies),
    ("a_rally_is_never_stuck_on_a_busy_machine", || busy(rallies)),
    ("a_relay_is_never_stuck", relays),
    ("a_relay_is_never_stuck_on_a_busy_machine", || busy(relays)),
];

pub(crate) const ACTS: &[Body] = &[("cross_locks", cross_locks)];

fn times() -> usize {
    if env::var_os("STORM").is_some() { 1_000 } else { 100 }
}

/// Each time in a process of its own, since the stuck threads of one would be found beside the next.
fn crossed_locks() {
    for _ in 0..times() {
        assert!(play("cross_locks").status().unwrap().success());
    }
}

fn cross_locks() {
    let names = stuck(|| {
        let locks = Arc::new([Mutex::new(()), Mutex::new(())]);
        let barrier = Arc::new(Barrier::new(2));
        let thread = |name, first: usize| {
            let (locks, barrier) = (Arc::clone(&locks), Arc::clone(&barrier));
            start(name, move || {
                let _first = locks[first].lock();
                barrier.wait();
                let _second = locks[1 - first].lock();
            })
        };
        let threads = [thread("left", 0), thread("right", 1)];
        for thread in threads {
            thread.join().unwrap();
        }
    });
    assert_eq!(names, ["left", "right", "work"]);
}

fn rallies() {
    for _ in 0..times() {
        finished(rally);
    }
}

/// Two threads that hit a ball to and fro: nearly always, both wait, or one has just been woken.
fn rally() {
    let table = Arc::new((Mutex::new(0), Condvar::new()));
    let players = [("ping", 0), ("pong", 1)].map(|(name, side)| {
        let table = Arc::clone(&table);
        start(name, move || {
            let (ball, condvar) = &*table;
            for _ in 0..500 {
                let turn = condvar.wait_while(ball.lock().unwrap(), |ball| *ball % 2 != side);
                *turn.unwrap() += 1;
                condvar.notify_one();
            }
        })
    });
    for player in players {
        player.join().unwrap();
    }
    assert_eq!(*table.0.lock().unwrap(), 1_000);
}

fn relays() {
    for _ in 0..times() {
        finished(|| {
            let (sender, receiver) = mpsc::channel();
            relay(20, sender);
            assert_eq!(receiver.recv(), Ok("done"));
        });
    }
}

/// A thread that starts the next one and ends. Nothing else runs, and the threads change while they are counted.
fn relay(rest: usize, sender: Sender<&'static str>) {
    start("runner", move || match rest {
        0 => sender.send("done").unwrap(),
        _ => relay(rest - 1, sender),
    });
}

/// Runs `body` beside two programs that never wait.
fn busy(body: fn()) {
    struct Spinner(Child);

    impl Drop for Spinner {
        fn drop(&mut self) {
            self.0.kill().unwrap();
            self.0.wait().unwrap();
        }
    }

    let spin = || Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
    let _spinners = [Spinner(spin()), Spinner(spin())];
    body();
}
