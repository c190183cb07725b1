//! Panics, which stay in their threads.

use explorer::println;
use explorer::swapped::sync::atomic::{AtomicU32, Ordering::SeqCst};
use explorer::swapped::sync::{Mutex, mpsc};
use explorer::swapped::thread::{self, Builder};

use crate::{all, outcomes, tally};

#[test]
fn a_panic_reaches_the_thread_that_joins() {
    let report = all(|| {
        let child = thread::spawn(|| panic!("no"));
        println!("{}", if child.join().is_err() { "it panicked" } else { "it did not" });
    });
    assert_eq!(outcomes(&report), ["it panicked (thread 1 panicked: no)"]);
}

#[test]
fn a_panic_under_a_lock_poisons_it() {
    let report = all(|| {
        let lock = Mutex::new(0);
        thread::scope(|scope| {
            let holder = scope.spawn(|| {
                let _guard = lock.lock().unwrap();
                panic!("no");
            });
            match lock.lock() {
                Ok(_) => println!("whole"),
                Err(_) => println!("poisoned"),
            }
            assert!(holder.join().is_err());
        });
    });
    assert_eq!(
        tally(&report),
        [
            ("poisoned (thread 1 panicked: no)".to_owned(), 1),
            ("whole (thread 1 panicked: no)".to_owned(), 1),
        ]
    );
}

#[test]
fn a_panic_unwinds_its_thread_in_one_step() {
    let report = all(|| {
        let lock = Mutex::new(());
        thread::scope(|scope| {
            let holder = scope.spawn(|| {
                let _guard = lock.lock().unwrap();
                panic!("no");
            });
            println!("main");
            assert!(holder.join().is_err());
        });
    });
    assert_eq!(tally(&report), [("main (thread 1 panicked: no)".to_owned(), 2)]);
}

#[test]
fn a_panic_in_some_schedules_is_an_outcome() {
    let report = all(|| {
        let counter = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| counter.store(counter.load(SeqCst) + 1, SeqCst));
            }
        });
        assert_eq!(counter.load(SeqCst), 2, "lost");
    });
    let [good, bad] = &outcomes(&report)[..] else { panic!("{report:?}") };
    assert_eq!(good, "");
    assert!(bad.starts_with("panicked: assertion `left == right` failed: lost"), "{bad}");
}

#[test]
fn a_scope_panics_with_a_thread_that_was_not_joined() {
    let report = all(|| {
        thread::scope(|scope| {
            scope.spawn(|| panic!("no"));
        });
    });
    assert_eq!(outcomes(&report), ["panicked: a scoped thread panicked (thread 1 panicked: no)"]);
}

#[test]
fn a_destructor_that_waits_while_its_thread_panics_waits() {
    /// Takes a lock when it is dropped.
    struct Locks<'a>(&'a Mutex<u32>);
    impl Drop for Locks<'_> {
        fn drop(&mut self) {
            *self.0.lock().unwrap() += 1;
        }
    }
    let report = all(|| {
        let lock = Mutex::new(0);
        thread::scope(|scope| {
            let panics = scope.spawn(|| {
                let _locks = Locks(&lock);
                panic!("no");
            });
            let guard = lock.lock().unwrap();
            println!("holds it");
            drop(guard);
            assert!(panics.join().is_err());
            println!("{}", lock.lock().unwrap());
        });
    });
    assert_eq!(outcomes(&report), ["holds it / 1 (thread 1 panicked: no)"]);
}

#[test]
fn a_deadlock_unwinds_threads_whose_destructors_would_wait() {
    /// Receives a message when it is dropped.
    struct Receives(mpsc::Receiver<u32>);
    impl Drop for Receives {
        fn drop(&mut self) {
            _ = self.0.recv();
        }
    }
    let report = all(|| {
        let (sender, receiver) = mpsc::channel();
        let a = Mutex::new(());
        thread::scope(|scope| {
            let (a, sender) = (&a, &sender);
            Builder::new()
                .name("stuck".to_owned())
                .spawn_scoped(scope, move || {
                    let _receives = Receives(receiver);
                    let _once = a.lock().unwrap();
                    let _twice = a.lock().unwrap();
                    _ = sender.send(1);
                })
                .unwrap();
        });
    });
    assert_eq!(
        outcomes(&report),
        ["deadlock: main wants the end of its scope's threads, stuck wants lock a"]
    );
}

#[test]
fn a_destructor_that_prints_after_a_deadlock_is_not_heard() {
    /// Prints when it is dropped.
    struct Prints;
    impl Drop for Prints {
        fn drop(&mut self) {
            println!("dropped");
        }
    }
    let report = all(|| {
        let lock = Mutex::new(());
        let _prints = Prints;
        let _once = lock.lock().unwrap();
        println!("holds it");
        let _twice = lock.lock().unwrap();
    });
    assert_eq!(outcomes(&report), ["holds it deadlock: main wants lock lock"]);
}

#[test]
fn an_error_is_an_outcome() {
    let report = all(|| Err::<(), _>("no reader"));
    assert_eq!(outcomes(&report), ["failed: no reader"]);
}
