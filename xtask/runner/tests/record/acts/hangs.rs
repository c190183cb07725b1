//! Programs that hang: they wait for something that does not come.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// Hangs: one waits for a lock, one sleeps, main waits for both.
pub(super) fn threads() {
    let lock = Mutex::new(());
    let _held = lock.lock();
    thread::scope(|scope| {
        let locker = thread::Builder::new().name("locker".to_owned());
        locker.spawn_scoped(scope, || drop(lock.lock())).unwrap();
        let sleeper = thread::Builder::new().name("sleeper".to_owned());
        sleeper.spawn_scoped(scope, || thread::sleep(Duration::from_secs(1000))).unwrap();
    });
}

/// Hangs: no end-of-file comes while it has the write end open itself.
pub(super) fn own_pipe() {
    let (mut reader, _writer) = io::pipe().unwrap();
    reader.read_to_end(&mut Vec::new()).unwrap();
}

/// Hangs: main copies from an empty pipe, and a thread to a full one. std copies with splice.
pub(super) fn splices() {
    let (mut full, mut bytes) = io::pipe().unwrap();
    let (_unread, mut room) = io::pipe().unwrap();
    let (mut empty, _unused) = io::pipe().unwrap();
    thread::spawn(move || while bytes.write_all(&[0; 4096]).is_ok() {});
    let copier = thread::Builder::new().name("copier".to_owned());
    copier.spawn(move || io::copy(&mut full, &mut room)).unwrap();
    let (_other, mut nowhere) = io::pipe().unwrap();
    io::copy(&mut empty, &mut nowhere).unwrap();
}

/// Hangs: copies from a pipe to a socket from which no one receives.
pub(super) fn splices_to_a_socket() {
    let (mut full, mut bytes) = io::pipe().unwrap();
    let (mut sender, _deaf) = UnixStream::pair().unwrap();
    thread::spawn(move || while bytes.write_all(&[0; 4096]).is_ok() {});
    io::copy(&mut full, &mut sender).unwrap();
}

/// May hang, by its order: two threads that lock two locks, each in another order.
pub(super) fn deadlock() {
    let (left, right) = (Mutex::new(()), Mutex::new(()));
    let both = |name: &str, first: &Mutex<()>, second: &Mutex<()>| {
        let _first = first.lock();
        println!("{name} has one lock");
        let _second = second.lock();
        println!("{name} has both");
    };
    thread::scope(|scope| {
        scope.spawn(|| both("one", &left, &right));
        scope.spawn(|| both("two", &right, &left));
    });
}
