//! One program for each way to wait.

use std::io::Read;
use std::panic::{self, AssertUnwindSafe};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, RwLock, mpsc};
use std::time::{Duration, Instant};
use std::{mem, thread};

use nix::sys::resource::{Resource, setrlimit};
use shared::{Error, watchdog};

use crate::harness::{Body, descriptors, nothing_left};
use crate::{finished, start, stuck};

pub(crate) const TESTS: &[Body] = &[
    ("work_that_ends_has_finished", work_that_ends),
    ("work_that_leaves_stuck_threads_has_finished", work_that_leaves_stuck_threads),
    ("a_join_of_a_stuck_thread_is_stuck", a_join),
    ("a_lost_notification_is_found", a_lost_notification),
    ("a_leaked_sender_is_found", a_leaked_sender),
    ("a_forgotten_guard_is_found", a_forgotten_guard),
    ("a_thread_that_waits_for_itself_is_found", a_thread_that_waits_for_itself),
    ("twenty_readers_and_a_writer_are_found", twenty_readers_and_a_writer),
    ("names_are_sorted_and_cut", names_are_sorted_and_cut),
    ("a_wait_with_a_timeout_is_not_stuck", a_wait_with_a_timeout),
    ("a_sleeping_thread_is_not_stuck", a_sleeping_thread),
    ("a_busy_thread_is_not_stuck", a_busy_thread),
    ("a_thread_that_reads_is_not_stuck", a_thread_that_reads),
    ("a_panic_is_passed_on", a_panic_is_passed_on),
    ("without_proc_the_scene_is_skipped", without_proc),
];

/// Longer than the watchdog needs to find a deadlock.
const LONG: Duration = Duration::from_millis(400);

fn work_that_ends() {
    let before = descriptors();
    let has_run = Arc::new(AtomicBool::new(false));
    let has_run_too = Arc::clone(&has_run);
    finished(move || has_run_too.store(true, Ordering::Relaxed));
    assert!(has_run.load(Ordering::Relaxed));
    nothing_left(&before);
}

fn work_that_leaves_stuck_threads() {
    finished(|| {
        start("parked", || {
            loop {
                thread::park();
            }
        });
    });
}

fn a_join() {
    assert_eq!(stuck(|| parked("parked").join().unwrap()), ["parked", "work"]);
}

fn parked(name: &str) -> thread::JoinHandle<()> {
    start(name, || {
        loop {
            thread::park();
        }
    })
}

/// The notification comes before the wait.
fn a_lost_notification() {
    let names = stuck(|| {
        let (ready, condvar) = (Mutex::new(()), Condvar::new());
        condvar.notify_one();
        let _guard = condvar.wait(ready.lock().unwrap()).unwrap();
    });
    assert_eq!(names, ["work"]);
}

fn a_leaked_sender() {
    let names = stuck(|| {
        let (sender, receiver) = mpsc::channel();
        mem::forget(sender.clone());
        let consumer = start("consumer", move || assert_eq!(receiver.iter().sum::<i32>(), 3));
        sender.send(3).unwrap();
        drop(sender);
        consumer.join().unwrap();
    });
    assert_eq!(names, ["consumer", "work"]);
}

fn a_forgotten_guard() {
    let names = stuck(|| {
        let lock = Arc::new(Mutex::new(0));
        mem::forget(lock.lock().unwrap());
        start("waiter", move || *lock.lock().unwrap() += 1).join().unwrap();
    });
    assert_eq!(names, ["waiter", "work"]);
}

fn a_thread_that_waits_for_itself() {
    let names = stuck(|| {
        let (sender, receiver) = mpsc::channel::<()>();
        let _ = receiver.recv();
        drop(sender);
    });
    assert_eq!(names, ["work"]);
}

fn twenty_readers_and_a_writer() {
    let names = stuck(|| {
        let lock = Arc::new(RwLock::new(0));
        mem::forget(lock.write().unwrap());
        for _ in 0..20 {
            let lock = Arc::clone(&lock);
            start("reader", move || assert_eq!(*lock.read().unwrap(), 0));
        }
        *lock.write().unwrap() = 1;
    });
    assert_eq!(names, [vec!["reader"; 20], vec!["work"]].concat());
}

fn names_are_sorted_and_cut() {
    let names = stuck(|| {
        parked("zzb");
        parked("a-name-of-24-bytes-in-all");
        parked("老王的第三个学生"); // Three bytes each: five of them are 15.
        parked("-老王的第三个学生");
        parked("a b\tc");
        thread::spawn(thread::park);
        thread::park();
    });
    let expected = ["-老王的第", "a b\tc", "a-name-of-24-by", "work", "work", "zzb", "老王的第三"];
    assert_eq!(names, expected);
}

fn a_wait_with_a_timeout() {
    let start = Instant::now();
    finished(|| thread::park_timeout(LONG));
    assert!(start.elapsed() >= LONG);

    let start = Instant::now();
    finished(|| {
        let (ready, condvar) = (Mutex::new(()), Condvar::new());
        let (_guard, result) = condvar.wait_timeout(ready.lock().unwrap(), LONG).unwrap();
        assert!(result.timed_out());
    });
    assert!(start.elapsed() >= LONG);
}

/// All others wait for the thread that does `pause` while it holds the lock.
fn finishes_after(pause: impl FnOnce() + Send + 'static) {
    let start = Instant::now();
    finished(move || {
        let lock = Arc::new(Mutex::new(()));
        let (locked, is_locked) = mpsc::channel();
        let lock_too = Arc::clone(&lock);
        crate::start("holder", move || {
            let _guard = lock_too.lock().unwrap();
            locked.send(()).unwrap();
            pause();
        });
        is_locked.recv().unwrap();
        drop(lock.lock().unwrap());
    });
    assert!(start.elapsed() >= LONG);
}

fn a_sleeping_thread() {
    finishes_after(|| thread::sleep(LONG));
}

fn a_busy_thread() {
    finishes_after(|| {
        let start = Instant::now();
        while start.elapsed() < LONG {}
    });
}

fn a_thread_that_reads() {
    let before = descriptors();
    finishes_after(|| {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 0.4; echo done"]).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut text = String::new();
        child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "done\n");
        child.wait().unwrap();
    });
    nothing_left(&before);
}

fn a_panic_is_passed_on() {
    panic::set_hook(Box::new(|_| ()));
    let result = panic::catch_unwind(|| watchdog::run(|| panic!("no paper")));
    let _ = panic::take_hook();
    assert_eq!(result.unwrap_err().downcast_ref(), Some(&"no paper"));
}

fn without_proc() {
    let has_run = Arc::new(AtomicBool::new(false));
    let has_run_too = Arc::clone(&has_run);
    // Nothing more can be opened, which is as good as a container that hides the file.
    setrlimit(Resource::RLIMIT_NOFILE, 3, 3).unwrap();
    let result =
        watchdog::run(AssertUnwindSafe(move || has_run_too.store(true, Ordering::Relaxed)).0);
    let Err(Error::Skip(reason)) = result else { panic!("{result:?}") };
    let expected = "the watchdog reads /proc/self/task/*/syscall, and cannot (Too many open files (os error 24)): \
                    use Linux, and a container that shows this file";
    assert_eq!(reason, expected);
    assert!(!has_run.load(Ordering::Relaxed));
}
