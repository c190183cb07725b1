//! Managers and clients that are killed or stopped, or never answer.

use std::os::fd::OwnedFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};
use std::{fs, thread};

use nix::sys::signal::{Signal, kill};
use shared::{Error, Exit, Manager, ManagerQueue, Process, decode, encode};

use crate::harness::{Body, descriptors, eventually, nothing_left, state};
use crate::timeouts::{TENTH, fails_after_its_timeout};
use crate::{listener_address, sent, start};

pub(crate) const TESTS: &[Body] = &[
    ("open_handles_outlive_a_killed_manager", open_handles_outlive_a_killed_manager),
    ("timeouts_are_honoured_beside_a_stopped_manager", timeouts_beside_a_stopped_manager),
    ("killed_clients_leave_whole_messages", killed_clients_leave_whole_messages),
    ("silent_clients_delay_no_other", silent_clients_delay_no_other),
];

fn open_handles_outlive_a_killed_manager() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<String>().unwrap();
    kill(manager.pid(), Signal::SIGKILL).unwrap();
    eventually("the manager has ended", Duration::from_secs(5), || {
        state(manager.pid()).is_none_or(|(state, _)| state == 'Z')
    });
    // A copy of an open handle is open, and so is one that a child inherits.
    let copy = queue.clone();
    let child = start(|| copy.open()?.put(&"still here".to_owned()));
    assert_eq!(queue.open().unwrap().get().unwrap(), "still here");
    assert_eq!(child.join().unwrap(), Exit::Code(0));

    let late = sent(&queue);
    assert!(matches!(late.open(), Err(Error::ManagerGone)));
    assert!(matches!(late.open_timeout(Duration::ZERO), Err(Error::ManagerGone)));
    assert!(matches!(manager.queue::<u32>(), Err(Error::ManagerGone)));
    drop((queue, copy, manager));
    nothing_left(&before);
}

fn timeouts_beside_a_stopped_manager() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    kill(manager.pid(), Signal::SIGSTOP).unwrap();
    queue.open().unwrap().put(&1).unwrap(); // Open before: nothing has changed.
    let timed_out = |error: &Error| matches!(error, Error::TimedOut);
    let late = sent(&queue);
    fails_after_its_timeout("open", timed_out, |timeout| late.open_timeout(timeout).map(drop));
    // The same after any number of processes have given up: their connections fill the socket's backlog.
    let room: usize =
        fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap().trim().parse().unwrap();
    let waiting: Vec<_> = (0..(room + 100).min(10_000)).map(|_| connect_at_once(&queue)).collect();
    fails_after_its_timeout("open", timed_out, |timeout| late.open_timeout(timeout).map(drop));
    drop(waiting);

    // Without a timeout from the caller, the manager's own applies.
    assert!(matches!(manager.queue::<u32>(), Err(Error::TimedOut)));

    let waiter = Process::new(|| late.open()?.put(&2)).start().unwrap(); // No timeout: it waits.
    thread::sleep(TENTH);
    assert!(waiter.is_alive());
    kill(manager.pid(), Signal::SIGCONT).unwrap();
    assert_eq!(waiter.join().unwrap(), Exit::Code(0));
    assert_eq!([1, 2].map(|_| queue.open().unwrap().get().unwrap()), [1, 2]);
    kill(manager.pid(), Signal::SIGSTOP).unwrap(); // Dropping a stopped manager does not wait for it.
    drop((queue, late, manager));
    nothing_left(&before);
}

/// Connects without waiting, whether there is room in the backlog or not.
fn connect_at_once<T>(queue: &ManagerQueue<T>) -> OwnedFd {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket =
        rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).unwrap();
    let name = listener_address(queue);
    let address = SocketAddrUnix::new_abstract_name(name.as_abstract_name().unwrap()).unwrap();
    let _ = rustix::net::connect(&socket, &address);
    socket
}

fn killed_clients_leave_whole_messages() {
    const SIZE: usize = 100_000;
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<[u8]>().unwrap();
    let message: Vec<u8> = (0..SIZE).map(|number| number as u8).collect();
    // Writing takes most of the time, and is done under the lock. So nearly every kill meets a holder.
    for round in 0..300 {
        let writes = round % 2 == 0;
        let client = start(|| {
            let queue: ManagerQueue<[u8]> = decode(&encode(&queue)?)?;
            let queue = queue.open()?;
            loop {
                if writes {
                    queue.put(&message)?;
                } else {
                    queue.get()?;
                }
            }
        });
        let queue = queue.open().unwrap();
        let end = Instant::now() + Duration::from_micros(fastrand::u64(500..5000));
        let moment = Duration::from_micros(100);
        while Instant::now() < end {
            if !writes {
                let _ = queue.put_timeout(&message, moment);
            } else if let Ok(bytes) = queue.get_timeout(moment) {
                assert!(bytes == message, "half a message");
            }
        }
        client.kill().unwrap();
        client.join().unwrap();
        while let Ok(bytes) = queue.try_get() {
            assert!(bytes == message, "half a message");
        }
        // Its lock is free, whichever it was.
        queue.put(&message).unwrap();
        assert!(queue.get().unwrap() == message, "half a message");
    }
    drop((queue, manager));
    nothing_left(&before);
}

fn silent_clients_delay_no_other() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let silent: Vec<_> = (0..500)
        .map(|number| {
            let client = UnixStream::connect_addr(&listener_address(&queue)).unwrap();
            (number % 2 == 0).then_some(client) // Every second one goes again at once.
        })
        .collect();
    sent(&queue).open().unwrap().put(&1).unwrap(); // The other clients stay connected to the end.
    let theirs = fs::read_dir(format!("/proc/{}/fd", manager.pid())).unwrap().count();
    assert!(theirs < 20, "the manager keeps {theirs} descriptors");
    drop((silent, queue, manager));
    nothing_left(&before);
}
