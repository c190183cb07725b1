//! Threads that can never go on.

use explorer::swapped::sync::{Barrier, Condvar, Mutex};
use explorer::swapped::thread::{self, Builder};
use explorer::{Ending, Report, println};

use crate::{all, outcomes, plain, tally};

/// Philosophers who take a fork on either side, and eat without a word.
fn philosophers(count: usize, lower_first: bool) -> impl Fn() + Clone {
    move || {
        let forks: Vec<Mutex<()>> = (0..count).map(|_| Mutex::new(())).collect();
        thread::scope(|scope| {
            for seat in 0..count {
                let (left, right) = (seat, (seat + 1) % count);
                let (first, second) =
                    if lower_first { (left.min(right), left.max(right)) } else { (left, right) };
                let forks = &forks;
                scope.spawn(move || {
                    let _first = forks[first].lock().unwrap();
                    let _second = forks[second].lock().unwrap();
                });
            }
        });
    }
}

fn deadlocks(report: &Report) -> u128 {
    let is_deadlock = |ending: &Ending| matches!(ending, Ending::Deadlock(_));
    report.outcomes.iter().filter(|o| is_deadlock(&o.ending)).map(|o| o.count).sum()
}

#[test]
fn three_philosophers_can_stop_in_six_of_their_schedules() {
    let report = all(philosophers(3, false));
    assert_eq!((report.schedules, deadlocks(&report)), (168, 6));
    let report = all(philosophers(3, true));
    assert_eq!(deadlocks(&report), 0);
}

#[test]
fn five_philosophers_have_few_states() {
    let limits = crate::patient();
    let memory = explorer::Memory::Sequential;
    let report = explorer::explore(philosophers(5, false), memory, limits).unwrap();
    assert_eq!(report.incomplete, None);
    assert_eq!(deadlocks(&report), 120);
    assert!(report.schedules > 60_000_000, "{}", report.schedules);
    assert!(report.played < 20_000, "{}", report.played);
}

#[test]
fn a_deadlock_names_what_each_thread_holds_and_wants() {
    let report = all(|| {
        let (a, b) = (Mutex::new(()), Mutex::new(()));
        thread::scope(|scope| {
            let (a, b) = (&a, &b);
            for (name, first, second) in [("left", a, b), ("right", b, a)] {
                let take_both = || {
                    let _first = first.lock().unwrap();
                    let _second = second.lock().unwrap();
                };
                Builder::new().name(name.to_owned()).spawn_scoped(scope, take_both).unwrap();
            }
        });
        println!("over");
    });
    let deadlock = report.outcomes.iter().find_map(|outcome| match &outcome.ending {
        Ending::Deadlock(blocked) => Some(blocked),
        _ => None,
    });
    let [main, left, right] = &deadlock.unwrap()[..] else { panic!("{deadlock:?}") };
    assert_eq!(
        (main.thread.as_str(), main.waits_for.join(", ")),
        ("main", "left, right".to_owned())
    );
    for (thread, name, wants, other, holds) in
        [(left, "left", "lock b", "right", "lock a"), (right, "right", "lock a", "left", "lock b")]
    {
        assert_eq!((&*thread.thread, &*thread.wants, &*thread.waits_for[0]), (name, wants, other));
        assert_eq!((&*thread.holds[0].lock, thread.holds[0].line + 1), (holds, thread.line));
    }
    assert_eq!(outcomes(&report).len(), 2);
}

#[test]
fn with_a_barrier_between_the_locks_every_schedule_stops() {
    let report = all(|| {
        let (a, b, both) = (Mutex::new(()), Mutex::new(()), Barrier::new(2));
        thread::scope(|scope| {
            let (a, b, both) = (&a, &b, &both);
            for (first, second) in [(a, b), (b, a)] {
                scope.spawn(move || {
                    let _first = first.lock().unwrap();
                    both.wait();
                    let _second = second.lock().unwrap();
                });
            }
        });
    });
    assert_eq!(deadlocks(&report), report.schedules);
}

#[test]
fn a_notification_that_comes_too_early_is_lost() {
    let program = |looks: bool| {
        move || {
            let (is_set, changed) = (Mutex::new(false), Condvar::new());
            thread::scope(|scope| {
                scope.spawn(|| {
                    let guard = is_set.lock().unwrap();
                    if !looks || !*guard {
                        drop(changed.wait(guard).unwrap());
                    }
                    println!("woken");
                });
                *is_set.lock().unwrap() = true;
                changed.notify_one();
            });
        }
    };
    let stops = "deadlock: main wants the end of its scope's threads, thread 1 wants a notification of condvar changed";
    assert_eq!(outcomes(&all(program(false))), [stops, "woken"]);
    assert_eq!(outcomes(&all(program(true))), ["woken"]);
}

#[test]
fn some_threads_can_stop_while_others_end() {
    let report = plain(|| {
        let a = Mutex::new(());
        thread::scope(|scope| {
            scope.spawn(|| println!("ends"));
            Builder::new()
                .name("stuck".to_owned())
                .spawn_scoped(scope, || {
                    let _first = a.lock().unwrap();
                    let _second = a.lock().unwrap();
                })
                .unwrap();
        });
    });
    let stuck = "ends deadlock: main wants the end of its scope's threads, stuck wants lock a";
    assert_eq!(tally(&report), [(stuck.to_owned(), 2)]);
}
