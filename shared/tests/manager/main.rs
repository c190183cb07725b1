//! Queues that a manager keeps: where their handles go, and what they survive.

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../harness/timeouts.rs"]
mod timeouts;

use std::fmt::Write;
use std::io::{IoSlice, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, mem, thread};

use harness::{Body, descriptors, eventually, nothing_left, play, state};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, pause};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use rustix::process::{Resource, Rlimit, geteuid, setrlimit};
use rustix::thread::set_thread_uid;
use shared::{Child, Error, Exit, Manager, ManagerQueue, Pool, Process, Result, decode, encode};
use timeouts::{TENTH, fails_after_its_timeout};

const TESTS: &[Body] = &[
    ("a_handle_is_a_tasks_argument", a_handle_is_a_tasks_argument),
    ("a_handle_crosses_another_queue", a_handle_crosses_another_queue),
    ("unrelated_programs_share_a_bound", unrelated_programs_share_a_bound),
    ("a_closed_queue_is_closed_for_all", a_closed_queue_is_closed_for_all),
    ("bytes_cross_as_they_are", bytes_cross_as_they_are),
    ("threads_share_a_handle", threads_share_a_handle),
    ("writers_and_readers_lose_nothing", writers_and_readers_lose_nothing),
    ("open_handles_outlive_a_killed_manager", open_handles_outlive_a_killed_manager),
    ("timeouts_are_honoured_beside_a_stopped_manager", timeouts_beside_a_stopped_manager),
    ("killed_clients_leave_whole_messages", killed_clients_leave_whole_messages),
    ("clients_that_say_nothing_delay_nobody", clients_that_say_nothing_delay_nobody),
    ("a_wrong_name_is_refused", a_wrong_name_is_refused),
    ("a_false_manager_is_refused", a_false_manager_is_refused),
    ("other_users_are_refused", other_users_are_refused),
    ("without_descriptors_earlier_queues_go_on", without_descriptors_earlier_queues_go_on),
    ("a_forked_copy_makes_no_queue_and_ends_nothing", a_forked_copy_does_nothing),
    ("a_manager_ends_with_a_killed_parent", a_manager_ends_with_a_killed_parent),
    ("a_thousand_managers_leave_nothing", a_thousand_managers_leave_nothing),
];

const ACTS: &[Body] =
    &[("put until full", act_put_until_full), ("start a manager and stay", act_start_and_stay)];

/// How an act gets a handle: its bytes, in hexadecimal digits.
const HANDLE: &str = "HANDLE";

fn main() -> ExitCode {
    harness::main(TESTS, ACTS)
}

fn start(work: impl FnOnce() -> Result<()>) -> Child {
    Process::new(work).start().unwrap()
}

/// The same queue, in the state in which a process has it that received only the handle's bytes.
fn sent<T>(queue: &ManagerQueue<T>) -> ManagerQueue<T> {
    decode(&encode(queue).unwrap()).unwrap()
}

/// The names of sockets of ours that exist on this machine.
fn listeners() -> usize {
    fs::read_to_string("/proc/net/unix").unwrap().matches("@shared-queue-").count()
}

fn listener_address<T>(queue: &ManagerQueue<T>) -> SocketAddr {
    let name: u128 = decode(&encode(queue).unwrap()).unwrap();
    address(name)
}

fn address(name: u128) -> SocketAddr {
    SocketAddr::from_abstract_name(format!("shared-queue-{name:032x}")).unwrap()
}

/// Runs in a worker.
fn put_letter((queue, letter): (ManagerQueue<char>, char)) -> u32 {
    queue.open().unwrap().put(&letter).expect("there is room");
    std::process::id()
}

/// Runs in a worker.
#[expect(clippy::needless_pass_by_value, reason = "a task owns its argument")]
fn take_letter(queue: ManagerQueue<char>) -> char {
    queue.open().unwrap().get_timeout(Duration::from_secs(5)).expect("a letter is there")
}

fn a_handle_is_a_tasks_argument() {
    let before = descriptors();
    let pool = Pool::new(3).unwrap();
    // After the workers were forked: they can have inherited nothing.
    let manager = Manager::start().unwrap();
    let handle = manager.queue().unwrap();
    for letter in "zzb".chars() {
        assert_ne!(pool.apply(put_letter, (handle.clone(), letter)).unwrap(), std::process::id());
    }
    let queue = handle.open().unwrap();
    assert_eq!(queue.len(), 3);
    let letters: String =
        (0..3).map(|_| pool.apply(take_letter, handle.clone()).unwrap()).collect();
    assert_eq!(letters, "zzb");
    assert!(queue.is_empty());
    assert!(matches!(queue.try_get(), Err(Error::Empty)));
    pool.close().join().unwrap();
    drop((handle, manager));
    nothing_left(&before);
}

fn a_handle_crosses_another_queue() {
    let manager = Manager::start().unwrap();
    let handles = manager.queue::<ManagerQueue<u32>>().unwrap();
    let child = start(|| sent(&handles).open()?.get()?.open()?.put(&42));
    let numbers = manager.queue().unwrap();
    handles.open().unwrap().put(&numbers).unwrap();
    assert_eq!(numbers.open().unwrap().get().unwrap(), 42);
    assert_eq!(child.join().unwrap(), Exit::Code(0));
}

fn unrelated_programs_share_a_bound() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let handle = manager.bounded_queue::<u32>(3).unwrap();
    let queue = handle.open().unwrap();
    assert_eq!(queue.capacity(), Some(3));
    queue.put(&0).unwrap();
    let digits = encode(&handle).unwrap().iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    });
    assert!(play("put until full").env(HANDLE, digits).status().unwrap().success());
    assert!(queue.is_full());
    assert!(matches!(queue.try_put(&4), Err(Error::Full { size: 3 })));
    assert_eq!([0, 1, 2].map(|_| queue.try_get().unwrap()), [0, 1, 2]);
    drop((handle, manager));
    nothing_left(&before);
}

/// Runs as a separate program, which has inherited nothing.
fn act_put_until_full() {
    let digits = env::var(HANDLE).unwrap();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    let handle: ManagerQueue<u32> = decode(&bytes).unwrap();
    let queue = handle.open().unwrap();
    queue.put(&1).unwrap();
    queue.put_timeout(&2, Duration::from_secs(5)).unwrap();
    assert!(matches!(queue.put_timeout(&3, TENTH), Err(Error::Full { size: 3 })));
}

fn a_closed_queue_is_closed_for_all() {
    let manager = Manager::start().unwrap();
    let handle = manager.queue().unwrap();
    let queue = handle.open().unwrap();
    queue.put(&'a').unwrap();
    let other = sent(&handle);
    let reader = start(|| {
        let letters: Vec<char> = other.open()?.iter().collect::<Result<_>>()?;
        assert_eq!(letters, ['a']);
        Ok(())
    });
    queue.close();
    assert!(matches!(sent(&handle).open().unwrap().put(&'b'), Err(Error::Closed)));
    assert_eq!(reader.join().unwrap(), Exit::Code(0));
}

fn bytes_cross_as_they_are() {
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<[u8]>().unwrap();
    let other: ManagerQueue<[u8]> = decode(&encode(&queue).unwrap()).unwrap();
    let long: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
    let writer = start(|| other.open()?.put(&long));
    assert_eq!(queue.open().unwrap().get().unwrap(), long);
    assert_eq!(writer.join().unwrap(), Exit::Code(0));
    let size = Manager::ROOM;
    let refused = queue.open().unwrap().put(&vec![0; size]);
    assert!(matches!(refused, Err(Error::TooLarge { size: told, .. }) if told == size));
}

fn threads_share_a_handle() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let handle = sent(&queue);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                (0..1000).for_each(|number| handle.open().unwrap().put(&number).unwrap());
            });
        }
    });
    assert_eq!(queue.open().unwrap().len(), 8000);
    drop((handle, queue, manager));
    nothing_left(&before);
}

fn writers_and_readers_lose_nothing() {
    const ITEMS: u64 = 20_000;
    let manager = Manager::start().unwrap();
    let queue = manager.bounded_queue::<(u64, u64)>(100).unwrap();
    let sums = manager.queue::<u64>().unwrap();
    let writer = |writer| {
        let queue = sent(&queue);
        start(move || {
            let queue = queue.open()?;
            (0..ITEMS).try_for_each(|item| queue.put(&(writer, item)))
        })
    };
    let reader = || {
        let (queue, sums) = (sent(&queue), sent(&sums));
        start(move || {
            let (mut sum, mut last) = (0, [None; 3]);
            for item in queue.open()? {
                let (writer, item) = item?;
                assert!(last[writer as usize] < Some(item), "not in the writer's order");
                last[writer as usize] = Some(item);
                sum += item;
            }
            sums.open()?.put(&sum)
        })
    };
    let writers: Vec<_> = (0..3).map(writer).collect();
    let readers: Vec<_> = (0..3).map(|_| reader()).collect();
    for writer in writers {
        assert_eq!(writer.join().unwrap(), Exit::Code(0));
    }
    queue.open().unwrap().close();
    for reader in readers {
        assert_eq!(reader.join().unwrap(), Exit::Code(0));
    }
    let sum: u64 = (0..3).map(|_| sums.open().unwrap().get().unwrap()).sum();
    assert_eq!(sum, 3 * ITEMS * (ITEMS - 1) / 2);
}

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

fn clients_that_say_nothing_delay_nobody() {
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

fn a_wrong_name_is_refused() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let name: u128 = decode(&encode(&queue).unwrap()).unwrap();
    let wrong: ManagerQueue<u32> = decode(&encode(&(name ^ 1)).unwrap()).unwrap();
    assert!(matches!(wrong.open(), Err(Error::ManagerGone)));
    assert!(matches!(wrong.open_timeout(TENTH), Err(Error::ManagerGone)));
    assert!(matches!(decode::<ManagerQueue<u32>>(b""), Err(Error::Decode { .. })));
    // The right name with another type of item: items do not decode, and nothing worse happens.
    queue.open().unwrap().put(&u32::MAX).unwrap();
    let other: ManagerQueue<String> = decode(&encode(&name).unwrap()).unwrap();
    assert!(matches!(other.open().unwrap().get(), Err(Error::Decode { .. })));
    drop((queue, wrong, other, manager));
    nothing_left(&before);
}

/// A fake manager, which hands out memory that no manager would. If it were cut off below a reader, that would be SIGBUS.
fn a_false_manager_is_refused() {
    let cases: [(u64, SealFlags, usize, &str); 6] = [
        (4096, SealFlags::empty(), 2, "Operation not permitted"),
        (4096, SealFlags::GROW, 2, "Operation not permitted"),
        (0, SealFlags::SHRINK, 2, "Operation not permitted"),
        (4, SealFlags::SHRINK, 2, "mapping a lock array failed: invalid data"), // No room for a signature.
        (4096, SealFlags::SHRINK, 2, "mapping a lock array failed: invalid data"), // No signature.
        (4096, SealFlags::SHRINK, 1, "Too many open files"),
    ];
    for (number, (length, seals, descriptors, reason)) in cases.into_iter().enumerate() {
        let name = 0xfa15e << 8 | number as u128;
        let listener = UnixListener::bind_addr(&address(name)).unwrap();
        let manager = start(move || {
            let (socket, _) = listener.accept()?;
            let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
            let memory = memfd_create("false", flags).unwrap();
            ftruncate(&memory, length).unwrap();
            fcntl_add_seals(&memory, seals).unwrap();
            let mut space = [mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
            let mut rights = SendAncillaryBuffer::new(&mut space);
            let twice = [memory.as_fd(); 2];
            rights.push(SendAncillaryMessage::ScmRights(&twice[..descriptors]));
            sendmsg(&socket, &[IoSlice::new(&[0; 4])], &mut rights, SendFlags::empty()).unwrap();
            Ok(())
        });
        let queue: ManagerQueue<u32> = decode(&encode(&name).unwrap()).unwrap();
        let refused = queue.open_timeout(Duration::from_secs(5)).unwrap_err().to_string();
        assert!(refused.contains(reason), "case {number}: {refused}");
        assert_eq!(manager.join().unwrap(), Exit::Code(0));
    }
    let listener = UnixListener::bind_addr(&address(0xfa15e)).unwrap();
    let manager = start(move || listener.accept().map(drop).map_err(Error::from)); // It sends nothing.
    let queue: ManagerQueue<u32> = decode(&encode(&0xfa15e_u128).unwrap()).unwrap();
    assert!(matches!(queue.open_timeout(Duration::from_secs(5)), Err(Error::ManagerGone)));
    assert_eq!(manager.join().unwrap(), Exit::Code(0));
}

fn other_users_are_refused() {
    if !geteuid().is_root() {
        return eprintln!("skipped: only root can become another user");
    }
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let late = sent(&queue);
    let child = start(|| {
        set_thread_uid(rustix::process::Uid::from_raw(65534)).unwrap();
        assert!(matches!(late.open(), Err(Error::OtherUser)));
        // The manager gives nothing to a client of another user, even to one that does not check its peer.
        let mut answer = Vec::new();
        let length =
            UnixStream::connect_addr(&listener_address(&queue))?.read_to_end(&mut answer)?;
        assert_eq!(length, 0);
        Ok(())
    });
    assert_eq!(child.join().unwrap(), Exit::Code(0));
    assert!(sent(&queue).open().unwrap().is_empty());
}

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
        let mut told = [0; 64];
        let length = parent.stdout.as_mut().unwrap().read(&mut told).unwrap();
        let told = std::str::from_utf8(&told[..length]).unwrap();
        let manager = Pid::from_raw(told.trim().parse().unwrap());
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
