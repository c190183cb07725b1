//! Programs that a shell script cannot replace.

mod hangs;

use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::select::pselect;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::time::{TimeSpec, TimeValLike};
use nix::unistd::alarm;
use runner::{Cancel, Direction, Launch, Runner, Schedule};
use signal_hook::consts::{SIGALRM, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;

use self::hangs::{deadlock, own_pipe, splices, splices_to_a_socket, threads};
use crate::harness::{PATIENCE, by};

/// The first argument of this program, if it must act as one of these.
pub(crate) const ACT: &str = "act";

pub(crate) fn play(name: &str, arguments: &[String]) {
    match name {
        "threads" => threads(),
        "own-pipe" => own_pipe(),
        "splices" => splices(),
        "splices-to-a-socket" => splices_to_a_socket(),
        "evil-name" => evil_name(),
        "busy" => while !std::hint::black_box(false) {},
        "work" => work(),
        "direct" => direct(arguments),
        "two-threads" => two_threads(),
        "lockers" => lockers(),
        "draws" => println!("{}", fastrand::u64(..)),
        "deadlines" => deadlines(),
        "returns" => {
            thread::spawn(|| println!("thread"));
            println!("main");
        }
        "sleeps" => sleeps(),
        "waits-for-the-clock" => waits_for_the_clock(),
        "receives" => receives(),
        "blocks" => blocks(),
        "looks" => looks(),
        "pollers" => pollers(),
        "measures" => measures(),
        "patient" => patient(),
        "asks-again" => asks_again(),
        "spawns" => spawns(),
        "leaves-a-child" => leaves_a_child(),
        "adopts" => adopts(),
        "spins" => spins(),
        "deadlock" => deadlock(),
        "idles" => idles(),
        "complain" => io::stderr().write_all(format!("{}\n", arguments[0]).as_bytes()).unwrap(),
        "host" => host(Cancel::on_signals().unwrap(), arguments),
        "deaf-host" => host(Cancel::new().unwrap(), arguments),
        _ => panic!("no act is called {name}"),
    }
}

/// Leaves a child whose name clears a screen.
fn evil_name() {
    let child = Command::new("sleep").arg0("\u{1b}[2Jevil\n").arg("1000").spawn().unwrap();
    std::mem::forget(child); // The supervisor ends it.
}

/// Uses this much processor time, however long that takes.
pub(crate) const WORK: Duration = Duration::from_millis(100);

fn work() {
    let used = || {
        let used = getrusage(UsageWho::RUSAGE_SELF).unwrap();
        let microseconds = (used.user_time() + used.system_time()).num_microseconds();
        Duration::from_micros(microseconds.cast_unsigned())
    };
    while used() < WORK {}
}

/// Two threads wait until a moment, and each computes before it waits, for another time in each run.
fn deadlines() {
    let wait = |name| {
        let end = Instant::now() + Duration::from_millis(20);
        let rounds = RandomState::new().hash_one(name) % 10_000_000;
        (0..rounds).for_each(|round| _ = std::hint::black_box(round));
        while let Some(left) =
            end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
        {
            thread::park_timeout(left);
        }
        println!("{name}");
    };
    thread::scope(|scope| {
        scope.spawn(move || wait("one"));
        scope.spawn(move || wait("two"));
    });
}

/// Prints how much time has passed by two clocks: after a sleep, after a program that sleeps, after a child that does.
fn sleeps() {
    let (start, real_start) = (Instant::now(), SystemTime::now());
    let print = || {
        let real = real_start.elapsed().unwrap();
        println!("{} s, {} s", start.elapsed().as_secs(), real.as_secs());
    };
    thread::sleep(Duration::from_secs(100));
    print();
    Command::new("sleep").arg("100").status().unwrap();
    print();
    let script = "sleep 60; sleep 40 & wait";
    Command::new("sh").args(["-c", script]).status().unwrap();
    print();
}

/// Waits for a moment without a system call, at first alone and then beside a thread that does nothing.
fn waits_for_the_clock() {
    let wait = || {
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(400) {}
    };
    wait();
    println!("alone");
    let (sender, receiver) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || receiver.recv().is_err());
        wait();
        drop(sender);
    });
    println!("beside another");
}

/// Blocks SIGTERM, for which it has a handler, while it sleeps. Prints whether the handler has run, then and later.
fn blocks() {
    let terminated = Arc::new(AtomicBool::new(false));
    flag::register(SIGTERM, Arc::clone(&terminated)).unwrap();
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGTERM);
    signals.thread_block().unwrap();
    let start = Instant::now();
    thread::sleep(Duration::from_secs(100));
    println!("{:?} after {} s", terminated, start.elapsed().as_secs());
    signals.thread_unblock().unwrap();
    println!("{terminated:?}");
}

/// Prints what differs from run to run: a port, a process, a time, an address, and a bar of another length each time.
fn measures() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let (pid, time) = (std::process::id(), fastrand::f32());
    println!("{port} of {pid} at {time:.3} s: {} {:p}", "▇".repeat(fastrand::usize(1..9)), &port);
}

/// Looks again and again whether there is an event: until the next moment has come, and until another thread has
/// printed. Prints how long both take by the clock.
fn looks() {
    let look = || assert_eq!(poll(&mut [], PollTimeout::ZERO), Ok(0));
    let start = Instant::now();
    while start.elapsed().is_zero() {
        look();
    }
    println!("{} µs", start.elapsed().as_micros());
    let (printed, start) = (AtomicBool::new(false), Instant::now());
    thread::scope(|scope| {
        scope.spawn(|| {
            println!("printed");
            printed.store(true, Ordering::Release);
        });
        while !printed.load(Ordering::Acquire) {
            look();
        }
    });
    println!("{} µs", start.elapsed().as_micros());
}

/// Two threads wait for bytes of two pipes without a timeout, which come at once. Each tells when it was its turn.
fn pollers() {
    let pipes = [io::pipe().unwrap(), io::pipe().unwrap()];
    let turns = AtomicU32::new(0);
    thread::scope(|scope| {
        for (number, (reader, _)) in pipes.iter().enumerate() {
            let turns = &turns;
            scope.spawn(move || {
                poll(&mut [PollFd::new(reader.as_fd(), PollFlags::POLLIN)], PollTimeout::NONE)
                    .unwrap();
                let turn = turns.fetch_add(1, Ordering::Relaxed);
                println!("{number} has turn {turn}");
            });
        }
        // Both are waiting.
        thread::sleep(Duration::from_secs(1));
        // The last one first: they go on in their own order.
        for (_, writer) in pipes.iter().rev() {
            (&*writer).write_all(b"x").unwrap();
        }
    });
}

/// Receives from a socket with a timeout. One byte comes, late; then none.
fn receives() {
    let (mut receiver, mut sender) = UnixStream::pair().unwrap();
    receiver.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            println!("sends");
            sender.write_all(b"x").unwrap();
        });
        let received = receiver.read(&mut [0; 8]);
        println!("{received:?}");
    });
    // It looks at the clock whether it must wait again.
    let flag = Mutex::new(false);
    let guard = flag.lock().unwrap();
    let _ = Condvar::new().wait_timeout_while(guard, Duration::from_millis(1), |flag| !*flag);
    let start = Instant::now();
    let error = receiver.read(&mut [0; 8]).unwrap_err().kind();
    println!("no more: {error:?} after {} s", start.elapsed().as_secs());
}

/// Records a shell script, and prints the recording. The deadline is in seconds.
fn host(cancel: Cancel, arguments: &[String]) {
    let [script, deadline] = arguments else { panic!("a script and a deadline, please") };
    let runner = Runner::new(cancel).unwrap();
    let deadline = Duration::from_secs(deadline.parse().unwrap());
    let launch = Launch::new(["sh", "-c", script]).deadline(deadline);
    match runner.record(&launch, &Schedule::Free) {
        Ok(recording) => println!("{}", serde_json::to_string(&recording).unwrap()),
        Err(error) => println!("{error}"),
    }
}

/// Directs a shell script, at first by the second option each time, and prints the output, or the error.
fn direct(arguments: &[String]) {
    let [script] = arguments else { panic!("a script, please") };
    let runner = Runner::new(Cancel::on_signals().unwrap()).unwrap();
    let launch = Launch::new(["sh", "-c", script]).deadline(PATIENCE);
    let direction = Direction::default();
    match runner.direct(&launch, &direction, &mut by(&[1; 4])) {
        Ok(directed) => print!("{}", String::from_utf8(directed.recording.stdout()).unwrap()),
        Err(error) => println!("{error}"),
    }
}

/// Two threads print a line each.
fn two_threads() {
    thread::scope(|scope| {
        for name in ["one", "two"] {
            scope.spawn(move || println!("{name}"));
        }
    });
    println!("end");
}

/// Three threads take a lock in turn, twice each, and print while they have it.
fn lockers() {
    let lock = Mutex::new(0);
    thread::scope(|scope| {
        for name in ["one", "two", "three"] {
            let lock = &lock;
            scope.spawn(move || {
                for _ in 0..2 {
                    let mut count = lock.lock().unwrap();
                    *count += 1;
                    println!("{name} is number {count}");
                }
            });
        }
    });
}

/// One thread waits for the other with a timeout, which is never over: there is always something else to do.
fn patient() {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(5));
            println!("sends");
            sender.send(()).unwrap();
        });
        println!("{:?}", receiver.recv_timeout(Duration::from_millis(500)));
    });
}

/// Waits for a thread that sleeps for long, with a timeout that is short, again and again.
fn asks_again() {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(100_500));
            sender.send(()).unwrap();
        });
        let mut timeouts = 0;
        while receiver.recv_timeout(Duration::from_secs(1)).is_err() {
            timeouts += 1;
        }
        println!("{timeouts} timeouts");
    });
}

/// Starts another program in the way of posix_spawn(3), which uses vfork.
fn spawns() {
    println!("before");
    let mut child = Command::new("echo").arg("child").spawn().unwrap();
    println!("after");
    child.wait().unwrap();
}

/// Waits for a thread that starts a program and ends.
fn leaves_a_child() {
    let start = || Command::new("echo").arg("child").spawn().unwrap();
    let mut child = thread::spawn(start).join().unwrap();
    child.wait().unwrap();
    println!("end");
}

/// Sleeps while a child starts a program and ends.
fn adopts() {
    prctl::set_child_subreaper(true).unwrap();
    let mut child = Command::new("sh").args(["-c", "echo orphan &"]).spawn().unwrap();
    thread::sleep(Duration::from_secs(1));
    child.wait().unwrap();
    println!("end");
}

/// Waits in a loop, without any system call, until the other thread has printed.
fn spins() {
    let printed = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            println!("printed");
            printed.store(true, Ordering::Release);
        });
        while !printed.load(Ordering::Acquire) {
            std::hint::spin_loop();
        }
        println!("seen");
    });
}

/// Sleeps, and then waits in calls of which no director hears: until the system's alarm, and with a timeout.
fn idles() {
    thread::sleep(Duration::from_secs(2));
    let mut signals = Signals::new([SIGALRM]).unwrap();
    alarm::set(1);
    assert_eq!(signals.wait().count(), 1);
    println!("rested");
    for _ in 0..4 {
        let timeout = TimeSpec::milliseconds(500);
        assert_eq!(pselect(None, None, None, None, Some(&timeout), None), Ok(0));
    }
    println!("done");
}
