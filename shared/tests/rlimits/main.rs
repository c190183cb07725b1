//! Resource limits: what they stop is an error that names the limit, and never a signal.

#[expect(dead_code, reason = "nothing here has to be waited for")]
#[path = "../harness/mod.rs"]
mod harness;

use std::fs;
use std::os::fd::AsRawFd;
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{Uid, setresuid};
use shared::sync::{Barrier, BoundedSemaphore, Lock, Semaphore};
use shared::{Error, Manager, Memory, Pool, Process, Queue, Result, fork, pipe};

use crate::harness::{Body, descriptors, nothing_left};

const TESTS: &[Body] = &[
    ("address_space", address_space),
    ("address_space_for_what_is_not_shared", address_space_for_what_is_not_shared),
    ("more_than_any_address_space", more_than_any_address_space),
    ("size_of_a_file", size_of_a_file),
    ("open_files", open_files),
    ("number_of_processes", number_of_processes),
    ("without_a_limit_none_is_named", without_a_limit_none_is_named),
];

const MIB: usize = 1 << 20;

fn main() -> ExitCode {
    harness::main(TESTS, &[])
}

/// Sets the soft limit, and leaves the hard one.
fn limit(resource: Resource, soft: u64) {
    let (_, hard) = getrlimit(resource).unwrap();
    setrlimit(resource, soft, hard).unwrap();
}

/// This much address space more than the process has now.
fn limit_address_space(more: usize) -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = statm.split(' ').next().unwrap().parse().unwrap();
    let soft = (pages * 4096 + more) as u64;
    limit(Resource::RLIMIT_AS, soft);
    soft
}

/// The call must fail with a message that ends with these words.
fn fails<T>(what: &str, words: &str, result: Result<T>) {
    let error = result.err().unwrap_or_else(|| panic!("{what}: no error")).to_string();
    assert!(error.ends_with(words), "{what}: {error}");
}

fn address_space() {
    type Large = [AtomicU64; MIB / 8];
    let before = descriptors();
    let memory = || Memory::<Large>::new([const { AtomicU64::new(0) }; MIB / 8]);
    drop(memory().unwrap()); // The stack has grown for it now, which takes address space too.
    let lock = Lock::new(0_u8).unwrap();

    let limit = limit_address_space(MIB / 2);
    let words =
        format!("(os error 12); the limit is {} KiB (address space, ulimit -v)", limit / 1024);
    fails("Memory", &words, memory());
    fails("Semaphore", &words, Semaphore::new(MIB));
    fails("BoundedSemaphore", &words, BoundedSemaphore::new(MIB));
    fails("Barrier", &words, Barrier::new(MIB));
    fails("Queue", &words, Queue::<u8>::new());
    fails("Queue::with_room", &words, Queue::<u8>::with_room(1, MIB));
    *lock.acquire().unwrap() += 1; // What was there before goes on.
    nothing_left(&before);
}

fn address_space_for_what_is_not_shared() {
    // A million locks take 48 MiB of shared memory, and 4 MiB of the process's own, for which there is no room.
    let limit = limit_address_space(50 * MIB);
    let words = format!("the limit is {} KiB (address space, ulimit -v)", limit / 1024);
    fails("BoundedSemaphore", &words, BoundedSemaphore::new(MIB));
}

fn more_than_any_address_space() {
    let no_limit = "mmap failed: Cannot allocate memory (os error 12)";
    fails("BoundedSemaphore", no_limit, BoundedSemaphore::new(usize::MAX));
    fails("Barrier", no_limit, Barrier::new(usize::MAX));
}

fn size_of_a_file() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let earlier = manager.queue::<u32>().unwrap();
    limit(Resource::RLIMIT_FSIZE, 64 * 1024);
    let words = "fallocate failed: File too large (os error 27); \
                 the limit is 64 KiB (size of a file, ulimit -f)";
    fails("Manager::queue", words, manager.queue::<u32>());
    // What has no descriptor is no file.
    drop((Queue::<u8>::new().unwrap(), Lock::new([0_u64; 16 * 1024]).unwrap()));
    earlier.open().unwrap().put(&1).unwrap();
    assert_eq!(earlier.open().unwrap().get().unwrap(), 1);
    drop((earlier, manager));
    nothing_left(&before);
}

fn open_files() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    // All below this number are open, so no further one is allowed.
    let open = fs::File::open("/dev/null").unwrap().as_raw_fd();
    limit(Resource::RLIMIT_NOFILE, open as u64);
    let words = format!("(os error 24); the limit is {open} (open files, ulimit -n)");
    fails("pipe", &words, pipe::<u8>());
    fails("Process", &words, Process::new(|| Ok(())).start());
    fails("Manager", &words, Manager::start());
    fails("Manager::queue", &words, manager.queue::<u32>());
    fails("Pool", &words, Pool::new(2));
    // What needs no descriptor works.
    drop((
        Queue::<u8>::new().unwrap(),
        Lock::new(0_u8).unwrap(),
        Memory::new(AtomicU64::new(0)).unwrap(),
    ));
    limit(Resource::RLIMIT_NOFILE, 1024);
    drop(manager);
    nothing_left(&before);
}

fn number_of_processes() {
    let before = descriptors();
    // The limit does not hold for root.
    let nobody = Uid::from_raw(65534);
    setresuid(nobody, nobody, nobody).unwrap();
    limit(Resource::RLIMIT_NPROC, 0);
    assert!(matches!(fork(), Err(Error::ProcessLimit)));
    let words = "or raise the limit (ulimit -u)";
    fails("Process", words, Process::new(|| Ok(())).start());
    fails("Manager", words, Manager::start());
    fails("Pool", words, Pool::new(2));
    nothing_left(&before);
}

fn without_a_limit_none_is_named() {
    limit(Resource::RLIMIT_AS, nix::libc::RLIM_INFINITY);
    fails("Semaphore", "Cannot allocate memory (os error 12)", Semaphore::new(1 << 45));
}
