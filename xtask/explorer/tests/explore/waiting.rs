//! Everything by which threads wait for each other.

use std::time::Duration;

use explorer::swapped::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use explorer::swapped::sync::mpsc::{RecvTimeoutError, TryRecvError, TrySendError};
use explorer::swapped::sync::{Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock, mpsc};
use explorer::swapped::{hint, thread};
use explorer::{Limits, Memory, explore, println, replay, thread_local};

use crate::{all, outcomes, tally};

#[test]
fn a_channel_keeps_the_order_of_its_sender_and_ends_with_it() {
    let report = all(|| {
        let (sender, receiver) = mpsc::channel();
        for name in ["a", "b"] {
            let sender = sender.clone();
            thread::spawn(move || {
                for number in 1..=2 {
                    sender.send(format!("{name}{number}")).unwrap();
                }
            });
        }
        drop(sender);
        let messages: Vec<String> = receiver.iter().collect();
        println!("{}", messages.join(" "));
    });
    assert_eq!(
        outcomes(&report),
        ["a1 a2 b1 b2", "a1 b1 a2 b2", "a1 b1 b2 a2", "b1 a1 a2 b2", "b1 a1 b2 a2", "b1 b2 a1 a2"]
    );
}

#[test]
fn a_sender_without_a_receiver_gets_its_message_back() {
    let report = all(|| {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || drop(receiver));
        let answer = sender.send(7).map_err(|error| error.0);
        thread.join().unwrap();
        println!("{answer:?}, then {:?}", sender.send(8).map_err(|error| error.0));
    });
    assert_eq!(outcomes(&report), ["Err(7), then Err(8)", "Ok(()), then Err(8)"]);
}

#[test]
fn an_empty_channel_is_told_from_a_closed_one() {
    let report = all(|| {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || sender.send(()).unwrap());
        let looks: Vec<&str> = (0..2)
            .map(|_| match receiver.try_recv() {
                Ok(()) => "message",
                Err(TryRecvError::Empty) => "empty",
                Err(TryRecvError::Disconnected) => "closed",
            })
            .collect();
        thread.join().unwrap();
        println!("{}", looks.join(" "));
    });
    assert_eq!(
        outcomes(&report),
        ["empty empty", "empty message", "message closed", "message empty"]
    );
}

#[test]
fn a_full_channel_blocks_its_sender() {
    let program = |places| {
        move || {
            let (sender, receiver) = mpsc::sync_channel(places);
            let thread = thread::spawn(move || {
                for number in 1..=2 {
                    sender.send(number).unwrap();
                    println!("sent {number}");
                }
            });
            println!("starts");
            for number in receiver {
                println!("got {number}");
            }
            thread.join().unwrap();
        }
    };
    let rendezvous = outcomes(&all(program(0)));
    assert!(rendezvous.iter().all(|output| output.find("starts") < output.find("sent 1")));
    let one = outcomes(&all(program(1)));
    assert!(one.contains(&"sent 1 / starts / sent 2 / got 1 / got 2".to_owned()), "{one:#?}");
    assert!(!one.iter().any(|output| output.starts_with("sent 1 / sent 2 / starts")));
    let two = outcomes(&all(program(2)));
    assert!(two.contains(&"sent 1 / sent 2 / starts / got 1 / got 2".to_owned()));
    assert!(rendezvous.iter().all(|output| two.contains(output)));
}

#[test]
fn a_message_is_tried_without_waiting() {
    let report = all(|| {
        let (sender, receiver) = mpsc::sync_channel(1);
        assert_eq!(sender.try_send(1), Ok(()));
        assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
        drop(receiver);
        assert_eq!(sender.try_send(3), Err(TrySendError::Disconnected(3)));
        let (sender, receiver) = mpsc::sync_channel(0);
        assert_eq!(sender.try_send(1), Err(TrySendError::Full(1)));
        let thread = thread::spawn(move || receiver.recv());
        let sent = sender.try_send(2).is_ok();
        drop(sender);
        println!("{sent}, {:?}", thread.join().unwrap().ok());
    });
    assert_eq!(outcomes(&report), ["false, None", "true, Some(2)"]);
}

#[test]
fn a_timeout_may_end_before_the_message_comes() {
    let report = all(|| {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || sender.send(()).unwrap());
        match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok(()) => println!("message"),
            Err(RecvTimeoutError::Timeout) => println!("timeout"),
            Err(RecvTimeoutError::Disconnected) => println!("closed"),
        }
        thread.join().unwrap();
    });
    assert_eq!(outcomes(&report), ["message", "timeout"]);
}

#[test]
fn a_wait_with_a_timeout_sees_both_ends() {
    let report = all(|| {
        let (is_set, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                let guard = is_set.lock().unwrap();
                let limit = Duration::from_secs(1);
                let waited = changed.wait_timeout_while(guard, limit, |is_set| !*is_set);
                let (is_set, timeout) = waited.unwrap();
                println!("{} {}", *is_set, timeout.timed_out());
            });
            *is_set.lock().unwrap() = true;
            changed.notify_all();
        });
    });
    assert_eq!(outcomes(&report), ["false true", "true false"]);
}

#[test]
fn notify_one_wakes_any_of_the_threads() {
    let report = all(|| {
        let (turns, changed) = (Mutex::new(0), Condvar::new());
        thread::scope(|scope| {
            for name in ["a", "b"] {
                let (turns, changed) = (&turns, &changed);
                scope.spawn(move || {
                    let mut turns =
                        changed.wait_while(turns.lock().unwrap(), |turns| *turns == 0).unwrap();
                    *turns -= 1;
                    println!("{name}");
                });
            }
            for _ in 0..2 {
                *turns.lock().unwrap() += 1;
                changed.notify_one();
            }
        });
    });
    assert_eq!(outcomes(&report), ["a / b", "b / a"]);
}

#[test]
fn readers_share_a_lock_and_a_writer_does_not() {
    let report = all(|| {
        let lock = RwLock::new(0);
        let inside = AtomicU32::new(0);
        let most = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let value = lock.read().unwrap();
                    most.fetch_max(inside.fetch_add(1, SeqCst) + 1, SeqCst);
                    assert!([0, 2].contains(&*value), "a reader sees half a change");
                    inside.fetch_sub(1, SeqCst);
                });
            }
            let mut value = lock.write().unwrap();
            *value += 1;
            assert_eq!(inside.load(SeqCst), 0);
            *value += 1;
        });
        println!("{}", most.load(SeqCst));
    });
    assert_eq!(outcomes(&report), ["1", "2"]);
}

#[test]
fn a_barrier_has_one_leader() {
    let report = all(|| {
        let barrier = Barrier::new(2);
        let leaders = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    println!("before");
                    if barrier.wait().is_leader() {
                        leaders.fetch_add(1, SeqCst);
                    }
                    println!("after");
                });
            }
        });
        println!("{}", leaders.load(SeqCst));
    });
    assert_eq!(outcomes(&report), ["before / before / after / after / 1"]);
}

#[test]
fn what_is_initialised_once_is_made_by_one_thread() {
    let report = all(|| {
        let (made, cell, once) = (AtomicU32::new(0), OnceLock::new(), Once::new());
        let lazy = LazyLock::new(|| made.fetch_add(100, SeqCst));
        thread::scope(|scope| {
            for number in 1..=2 {
                let (made, cell, once, lazy) = (&made, &cell, &once, &lazy);
                scope.spawn(move || {
                    cell.get_or_init(|| {
                        made.fetch_add(1, SeqCst);
                        number
                    });
                    once.call_once(|| _ = made.fetch_add(10, SeqCst));
                    _ = **lazy;
                });
            }
        });
        println!("{:?} {}", cell.get(), made.load(SeqCst));
    });
    assert_eq!(outcomes(&report), ["Some(1) 111", "Some(2) 111"]);
}

#[test]
fn an_unpark_is_kept_for_the_next_park() {
    let report = all(|| {
        let is_ready = std::sync::Arc::new(AtomicBool::new(false));
        let seen = std::sync::Arc::clone(&is_ready);
        let parked = thread::spawn(move || {
            while !seen.load(SeqCst) {
                thread::park();
            }
            println!("on");
        });
        is_ready.store(true, SeqCst);
        parked.thread().unpark();
        parked.join().unwrap();
    });
    assert_eq!(outcomes(&report), ["on"]);
    let report = all(|| {
        let parked = thread::spawn(|| {
            thread::park();
            thread::park();
        });
        parked.thread().unpark();
        parked.thread().unpark();
        parked.join().unwrap();
    });
    let stops = "deadlock: main wants the end of thread 1, thread 1 wants an unpark";
    assert_eq!(outcomes(&report), ["", stops]);
}

#[test]
fn a_thread_that_looks_again_and_again_lets_others_act() {
    let spin = |wait: fn()| {
        move || {
            let is_ready = AtomicBool::new(false);
            thread::scope(|scope| {
                scope.spawn(|| {
                    while !is_ready.load(SeqCst) {
                        wait();
                    }
                    println!("on");
                });
                is_ready.store(true, SeqCst);
            });
        }
    };
    for wait in [thread::yield_now, hint::spin_loop, || thread::sleep(Duration::from_secs(1))] {
        let report = all(spin(wait));
        assert_eq!(outcomes(&report), ["on"]);
        assert!(report.held_back);
    }
    // Without a yield there is no end of it, and the report says so.
    let limits = Limits { schedules: 3, ..crate::patient() };
    let report = explore(
        || {
            let is_ready = std::sync::Arc::new(AtomicBool::new(false));
            let ready = std::sync::Arc::clone(&is_ready);
            thread::spawn(move || ready.store(true, SeqCst));
            while !is_ready.load(SeqCst) {}
        },
        Memory::Sequential,
        limits,
    );
    let report = report.unwrap();
    assert!(report.incomplete.is_some());
    assert!(outcomes(&report).contains(&"endless".to_owned()), "{report:?}");
}

#[test]
fn a_step_says_which_threads_are_held_back_meanwhile() {
    let program = || {
        let is_ready = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !is_ready.load(SeqCst) {
                    thread::yield_now();
                }
            });
            is_ready.store(true, SeqCst);
        });
    };
    // Wherever there is a choice, thread 1 goes on, until it is held back.
    let mut choices = Vec::new();
    let schedule = loop {
        let schedule = replay(program, Memory::Sequential, &choices).unwrap();
        if schedule.question.is_none() {
            break schedule;
        }
        choices.push(1);
    };
    let store = schedule.steps.iter().find(|step| step.what.starts_with("writes")).unwrap();
    assert_eq!(store.waiting, [(1, "another thread to act".to_owned())]);
}

#[test]
fn a_sleep_lets_others_go_first_and_need_not() {
    let report = all(|| {
        let thread = thread::spawn(|| {
            thread::sleep(Duration::from_secs(9));
            println!("slept");
        });
        println!("main");
        thread.join().unwrap();
    });
    assert_eq!(tally(&report), [("main / slept".to_owned(), 1), ("slept / main".to_owned(), 1)]);
    assert!(!report.held_back);
}

#[test]
fn each_thread_has_its_own_values_and_its_own_name() {
    thread_local! {
        static COUNT: std::cell::Cell<u32> = const { std::cell::Cell::new(1) };
    }
    let report = all(|| {
        COUNT.set(COUNT.get() + 1);
        let thread = thread::Builder::new().name("child".to_owned()).spawn(|| {
            let own = thread::current();
            println!("{:?} {} {:?}", own.name(), COUNT.get(), own.id());
        });
        let thread = thread.unwrap();
        assert_eq!(thread.thread().name(), Some("child"));
        thread.join().unwrap();
        println!("{:?} {}", thread::current().name(), COUNT.get());
    });
    assert_eq!(outcomes(&report), ["Some(\"child\") 1 ThreadId(2) / Some(\"main\") 2"]);
}
