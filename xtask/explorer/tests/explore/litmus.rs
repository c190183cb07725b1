//! Weak memory: the tests of the literature, each with the outcomes that its orderings allow.

use explorer::swapped::sync::Mutex;
use explorer::swapped::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};
use explorer::swapped::sync::atomic::{AtomicU32, fence};
use explorer::swapped::thread;
use explorer::{Memory, Report, explore, println, replay};

use crate::outcomes;

/// Every schedule with weak memory.
#[track_caller]
fn weak(program: impl Fn() + 'static) -> Report {
    let report = explore(program, Memory::Weak, crate::patient()).unwrap();
    assert_eq!(report.incomplete, None);
    report
}

/// Runs both, and prints what they have read.
fn two(f: impl FnOnce() -> u32 + Send, g: impl FnOnce() -> u32 + Send) {
    let (one, other) = thread::scope(|scope| {
        let (one, other) = (scope.spawn(f), scope.spawn(g));
        (one.join().unwrap(), other.join().unwrap())
    });
    println!("{one} {other}");
}

/// Each thread writes one flag, and reads the other.
fn store_buffering(write: Ordering, read: Ordering, fenced: bool) -> impl Fn() + Clone {
    move || {
        let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
        let (x, y) = (&x, &y);
        let half = |own: &AtomicU32, other: &AtomicU32| {
            own.store(1, write);
            if fenced {
                fence(SeqCst);
            }
            other.load(read)
        };
        two(move || half(x, y), move || half(y, x));
    }
}

#[test]
fn store_buffering_needs_seq_cst() {
    for (write, read, fenced) in [(Relaxed, Relaxed, false), (Release, Acquire, false)] {
        let report = weak(store_buffering(write, read, fenced));
        assert_eq!(outcomes(&report), ["0 0", "0 1", "1 0", "1 1"]);
    }
    for (write, read, fenced) in [(SeqCst, SeqCst, false), (Relaxed, Relaxed, true)] {
        let report = weak(store_buffering(write, read, fenced));
        assert_eq!(outcomes(&report), ["0 1", "1 0", "1 1"]);
    }
    let limits = crate::patient();
    let sequential = explore(store_buffering(Relaxed, Relaxed, false), Memory::Sequential, limits);
    assert_eq!(outcomes(&sequential.unwrap()), ["0 1", "1 0", "1 1"]);
}

/// One thread writes a message and then a flag; the other reads the flag and then the message.
fn message_passing(write: Ordering, read: Ordering, fences: bool) -> impl Fn() {
    move || {
        let (message, flag) = (AtomicU32::new(0), AtomicU32::new(0));
        let (message, flag) = (&message, &flag);
        two(
            move || {
                message.store(42, Relaxed);
                if fences {
                    fence(Release);
                }
                flag.store(1, write);
                0
            },
            move || {
                let is_set = flag.load(read);
                if fences {
                    fence(Acquire);
                }
                100 * is_set + message.load(Relaxed)
            },
        );
    }
}

#[test]
fn message_passing_needs_release_and_acquire() {
    let stale = "0 100";
    for (write, read) in [(Relaxed, Relaxed), (Release, Relaxed), (Relaxed, Acquire)] {
        let outcomes = outcomes(&weak(message_passing(write, read, false)));
        assert_eq!(outcomes, ["0 0", stale, "0 142", "0 42"], "{write:?} {read:?}");
    }
    for (write, read, fences) in
        [(Release, Acquire, false), (SeqCst, SeqCst, false), (Relaxed, Relaxed, true)]
    {
        let outcomes = outcomes(&weak(message_passing(write, read, fences)));
        assert_eq!(outcomes, ["0 0", "0 142", "0 42"], "{write:?} {read:?} {fences}");
    }
}

#[test]
fn two_reads_of_one_value_do_not_go_back() {
    let report = weak(|| {
        let x = AtomicU32::new(0);
        let x = &x;
        two(
            move || {
                x.store(1, Relaxed);
                x.store(2, Relaxed);
                0
            },
            move || 10 * x.load(Relaxed) + x.load(Relaxed),
        );
    });
    assert_eq!(outcomes(&report), ["0 0", "0 1", "0 11", "0 12", "0 2", "0 22"]);
}

/// Two threads write a flag each, and two others read both, in opposite orders.
fn independent_reads(write: Ordering, read: Ordering) -> impl Fn() {
    move || {
        let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            scope.spawn(|| x.store(1, write));
            scope.spawn(|| y.store(1, write));
            let one = scope.spawn(|| (x.load(read), y.load(read)));
            let other = scope.spawn(|| (y.load(read), x.load(read)));
            let disagree = one.join().unwrap() == (1, 0) && other.join().unwrap() == (1, 0);
            println!("{}", if disagree { "they disagree" } else { "they agree" });
        });
    }
}

#[test]
fn independent_readers_agree_only_with_seq_cst() {
    let both = ["they agree", "they disagree"];
    assert_eq!(outcomes(&weak(independent_reads(Relaxed, Relaxed))), both);
    assert_eq!(outcomes(&weak(independent_reads(Release, Acquire))), both);
    assert_eq!(outcomes(&weak(independent_reads(SeqCst, SeqCst))), both[..1]);
}

#[test]
fn a_change_reads_the_newest_value_with_any_ordering() {
    let report = weak(|| {
        let x = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| x.fetch_add(1, Relaxed));
            }
        });
        println!("{}", x.load(Relaxed));
    });
    assert_eq!(outcomes(&report), ["3"]);
}

#[test]
fn a_change_hands_on_what_it_has_read() {
    let report = weak(|| {
        let (message, flag) = (AtomicU32::new(0), AtomicU32::new(0));
        let (message, flag) = (&message, &flag);
        thread::scope(|scope| {
            scope.spawn(move || {
                message.store(42, Relaxed);
                flag.store(1, Release);
            });
            scope.spawn(move || flag.compare_exchange(1, 2, Relaxed, Relaxed));
            let reader = scope
                .spawn(move || if flag.load(Acquire) == 2 { message.load(Relaxed) } else { 42 });
            println!("{}", reader.join().unwrap());
        });
    });
    assert_eq!(outcomes(&report), ["42"]);
    assert!(matches!(AcqRel, Ordering::AcqRel));
}

#[test]
fn a_lock_hands_on_what_its_holder_knew() {
    let report = weak(|| {
        let (x, lock) = (AtomicU32::new(0), Mutex::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                x.store(1, Relaxed);
                *lock.lock().unwrap() = true;
            });
            let was_set = *lock.lock().unwrap();
            let read = x.load(Relaxed);
            println!("{was_set} {read}");
        });
    });
    assert_eq!(outcomes(&report), ["false 0", "false 1", "true 1"]);
}

#[test]
fn a_choice_of_a_store_is_replayed() {
    let program = store_buffering(Relaxed, Relaxed, false);
    for outcome in &weak(program.clone()).outcomes {
        let replay = replay(program.clone(), Memory::Weak, &outcome.replay).unwrap();
        assert_eq!(replay.output, outcome.output);
    }
}
