//! How many schedules there are, and how often each outcome is among them.

use explorer::swapped::sync::atomic::{AtomicU32, Ordering::Relaxed};
use explorer::swapped::sync::{Mutex, mpsc};
use explorer::swapped::{thread, thread::Builder};
use explorer::{Limits, Memory, Question, explore, explore_after, println, replay};

use crate::{all, outcomes, plain, tally};

/// Threads that read, add 1 and write, this often.
fn lost_update(threads: u32, rounds: u32) -> impl Fn() + Clone {
    move || {
        let counter = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..rounds {
                        let read = counter.load(Relaxed);
                        counter.store(read + 1, Relaxed);
                    }
                });
            }
        });
        println!("{}", counter.load(Relaxed));
    }
}

/// As many ways as there are to lay sequences of these lengths over each other.
fn shuffles(lengths: &[u128]) -> u128 {
    let mut ways = 1;
    let mut all = 0;
    for length in lengths {
        for step in 1..=*length {
            all += 1;
            ways = ways * all / step;
        }
    }
    ways
}

#[test]
fn two_threads_that_add_once_have_six_schedules() {
    let report = all(lost_update(2, 1));
    assert_eq!(report.schedules, 6);
    assert_eq!(tally(&report), [("1".to_owned(), 4), ("2".to_owned(), 2)]);
}

/// What follows each number of a choice adds up to what follows the choice, down to the end of each schedule.
#[test]
fn schedules_that_begin_alike_add_up() {
    let program = lost_update(2, 2);
    for merged in [true, false] {
        let limits = Limits { merged, ..crate::patient() };
        let after = |choices: &[u32]| {
            explore_after(program.clone(), Memory::Sequential, choices, limits).unwrap()
        };
        let mut open =
            vec![(Vec::new(), explore(program.clone(), Memory::Sequential, limits).unwrap())];
        let mut whole = 0;
        while let Some((choices, report)) = open.pop() {
            let next = replay(program.clone(), Memory::Sequential, &choices).unwrap();
            let Some(Question::Thread(numbers)) = next.question else {
                assert_eq!((report.schedules, report.outcomes.len()), (1, 1));
                assert_eq!(report.outcomes[0].output, next.output);
                assert_eq!(report.outcomes[0].replay, choices);
                whole += 1;
                continue;
            };
            let longer = numbers.iter().map(|number| [choices.as_slice(), &[*number]].concat());
            let parts: Vec<_> = longer.map(|choices| (choices.clone(), after(&choices))).collect();
            let sum: u128 = parts.iter().map(|(_, report)| report.schedules).sum();
            assert_eq!(sum, report.schedules);
            open.extend(parts);
        }
        assert_eq!(whole, 70);
    }
    for (choices, what) in [
        (&[7][..], "choice 1 cannot be 7"),
        (&[1; 9], "the schedule has 4 choices, and 9 were given"),
    ] {
        let refused = explore_after(program.clone(), Memory::Sequential, choices, crate::patient());
        assert_eq!(refused.unwrap_err().to_string(), what);
    }
}

#[test]
fn every_schedule_is_played_once() {
    for (threads, rounds) in [(2, 2), (2, 3), (2, 4), (3, 1), (3, 2), (4, 1)] {
        let report = all(lost_update(threads, rounds));
        let lengths = vec![u128::from(2 * rounds); threads as usize];
        assert_eq!(report.schedules, shuffles(&lengths), "{threads} x {rounds}");
        // The least possible sum is 2, or 1 if no thread adds twice.
        let least = rounds.min(2);
        let sums: Vec<String> = (least..=threads * rounds).map(|sum| sum.to_string()).collect();
        assert_eq!(outcomes(&report), sums, "{threads} x {rounds}");
    }
}

#[test]
fn the_counts_are_those_of_the_schedules() {
    let counts =
        [("2", 8), ("3", 192), ("4", 3056), ("5", 5184), ("6", 3464), ("7", 896), ("8", 70)];
    let expected: Vec<_> = counts.map(|(sum, count)| (sum.to_owned(), count)).into();
    assert_eq!(tally(&plain(lost_update(2, 4))), expected);
}

/// In a release build, as the explored programs are built.
#[cfg(all(not(debug_assertions), target_os = "linux"))]
#[test]
fn thirteen_thousand_schedules_take_less_than_50_ms_of_processor_time() {
    let used = || -> u64 {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        stat.split(' ').next().unwrap().parse().unwrap()
    };
    let start = used();
    assert_eq!(plain(lost_update(2, 4)).schedules, 12_870);
    let nanoseconds = used() - start;
    assert!(nanoseconds < 50_000_000, "{nanoseconds} ns");
}

#[test]
fn a_change_in_one_step_is_not_lost() {
    let report = all(|| {
        let counter = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| counter.fetch_add(1, Relaxed));
            }
        });
        println!("{}", counter.load(Relaxed));
    });
    assert_eq!(tally(&report), [("3".to_owned(), 6)]);
}

#[test]
fn two_lines_come_in_two_orders() {
    let report = all(|| {
        let thread = thread::spawn(|| println!("child"));
        println!("parent");
        thread.join().unwrap();
    });
    assert_eq!(
        tally(&report),
        [("child / parent".to_owned(), 1), ("parent / child".to_owned(), 1)]
    );
}

#[test]
fn main_does_not_wait_for_a_thread_that_it_does_not_join() {
    let report = all(|| {
        thread::spawn(|| println!("child"));
        println!("parent");
    });
    assert_eq!(outcomes(&report), ["child / parent", "parent", "parent / child"]);
}

#[test]
fn a_lock_keeps_two_steps_together() {
    let report = all(|| {
        let counter = Mutex::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut guard = counter.lock().unwrap();
                    *guard += 1;
                });
            }
        });
        println!("{}", counter.lock().unwrap());
    });
    assert_eq!(outcomes(&report), ["2"]);
}

#[test]
fn a_lock_that_is_released_between_two_steps_does_not() {
    let report = all(|| {
        let counter = Mutex::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let read = *counter.lock().unwrap();
                    *counter.lock().unwrap() = read + 1;
                });
            }
        });
        println!("{}", counter.lock().unwrap());
    });
    assert_eq!(outcomes(&report), ["1", "2"]);
}

#[test]
fn a_list_of_choices_plays_the_same_again() {
    let program = || {
        let counter = AtomicU32::new(0);
        thread::scope(|scope| {
            for name in ["left", "right"] {
                let add = || {
                    let read = counter.load(Relaxed);
                    counter.store(read + 1, Relaxed);
                };
                Builder::new().name(name.to_owned()).spawn_scoped(scope, add).unwrap();
            }
        });
        println!("{}", counter.load(Relaxed));
    };
    for outcome in &all(program).outcomes {
        let replay = replay(program, Memory::Sequential, &outcome.replay).unwrap();
        assert_eq!(replay.output, outcome.output);
        assert_eq!(replay.ending.as_ref(), Some(&outcome.ending));
    }
    let replay = |choices: &[u32]| replay(program, Memory::Sequential, choices);
    let whole = replay(&[1, 2, 2]).unwrap();
    let steps: Vec<_> = whole.steps.iter().map(|step| (step.thread, step.what.as_str())).collect();
    let expected = [
        (0, "starts left"),
        (0, "starts right"),
        (1, "reads 0 from counter"),
        (2, "reads 0 from counter"),
        (2, "writes 1 to counter"),
        (1, "writes 1 to counter"),
        (0, "sees that all threads of the scope have ended"),
        (0, "reads 1 from counter"),
        (0, "prints"),
    ];
    assert_eq!(steps, expected);
    assert_eq!(whole.steps[2].line + 1, whole.steps[4].line);
    assert_eq!(whole.steps[8].printed.as_deref(), Some("1\n"));

    let part = replay(&[1]).unwrap();
    assert_eq!(part.ending, None);
    assert_eq!(part.question, Some(explorer::Question::Thread(vec![1, 2])));
    assert_eq!(part.threads[1].next, "write 1 to counter");
    assert!(part.threads[1].can_go_on && !part.threads[0].can_go_on);
    assert_eq!(part.threads[0].waits_for, ["left", "right"]);

    for (choices, what) in [
        (&[7][..], "choice 1 cannot be 7"),
        (&[0], "choice 1 cannot be 0"),
        (&[1, 2, 2, 1], "the schedule has 3 choices, and 4 were given"),
    ] {
        assert_eq!(replay(choices).unwrap_err().to_string(), what);
    }
}

#[test]
fn a_program_that_does_not_repeat_itself_is_refused() {
    let runs = std::rc::Rc::new(std::cell::Cell::new(0));
    let program = move || {
        runs.set(runs.get() + 1);
        let counter = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..runs.get() + 1 {
                scope.spawn(|| counter.fetch_add(1, Relaxed));
            }
        });
    };
    let error = explore(program, Memory::Sequential, crate::patient()).unwrap_err();
    assert!(error.to_string().starts_with("the program does not repeat itself"), "{error}");
}

#[test]
fn a_budget_ends_the_search() {
    let limits = Limits { schedules: 10, merged: false, ..crate::patient() };
    let report = explore(lost_update(2, 2), Memory::Sequential, limits).unwrap();
    assert_eq!(report.incomplete, Some(explorer::Incomplete::Schedules));
    assert_eq!((report.played, report.schedules), (10, 10));

    let limits = Limits { milliseconds: 0, merged: false, ..Limits::default() };
    let report = explore(lost_update(3, 2), Memory::Sequential, limits).unwrap();
    assert_eq!(report.incomplete, Some(explorer::Incomplete::Time));
}

#[test]
fn a_thread_is_shown_how_full_its_channel_is() {
    let bounded = || {
        let (sender, receiver) = mpsc::sync_channel(2);
        thread::spawn(move || (1..=3).for_each(|number| sender.send(number).unwrap()));
        println!("main");
        receiver.into_iter().for_each(drop);
    };
    let unbounded = || {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || (1..=3).for_each(|number| sender.send(number).unwrap()));
        println!("main");
        receiver.into_iter().for_each(drop);
    };
    let next = |choices: &[u32], thread: usize| {
        [
            replay(bounded, Memory::Sequential, choices),
            replay(unbounded, Memory::Sequential, choices),
        ]
        .map(|schedule| schedule.unwrap().threads[thread].next.clone())
    };
    let send = |how| format!("send to the channel ({how})");
    assert_eq!(next(&[], 1), ["0 of 2 places taken", "0 messages wait"].map(send));
    assert_eq!(next(&[1], 1), ["1 of 2 places taken", "1 message waits"].map(send));
    let receive = |how| format!("receive from the channel ({how})");
    assert_eq!(next(&[1, 0], 0), ["1 of 2 places taken", "1 message waits"].map(receive));
}
