//! Kills after a number of machine instructions. The storms kill at random moments; here no point is too short to be
//! hit.

use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use shared::{Fork, exit, fork};

use crate::children::kills;

/// The exit code of a child that must not be traced.
const UNTRACED: i32 = 77;

/// Forks a child that does `work`, and kills it when it has run this number of instructions. Returns how many it has
/// run: fewer if it was done before, and 0 where ptrace is forbidden. Panics if the child ends in any other way.
pub(crate) fn kill_after(instructions: u64, work: &dyn Fn()) -> u64 {
    let child = match fork().unwrap() {
        Fork::Parent { child } => child,
        Fork::Child => {
            if ptrace::traceme().is_err() {
                exit(UNTRACED);
            }
            raise(Signal::SIGSTOP).unwrap();
            work();
            exit(0)
        }
    };
    let mut run = 0;
    loop {
        match waitpid(child, None).unwrap() {
            // It stops itself at first, and then after each instruction.
            WaitStatus::Stopped(_, Signal::SIGSTOP | Signal::SIGTRAP) if run < instructions => {
                ptrace::step(child, None).unwrap();
                run += 1;
            }
            WaitStatus::Stopped(_, Signal::SIGSTOP | Signal::SIGTRAP) => {
                kill(child, Signal::SIGKILL).unwrap();
            }
            WaitStatus::Exited(_, 0) => return run,
            WaitStatus::Signaled(_, Signal::SIGKILL, _) if run == instructions => return run,
            WaitStatus::Exited(_, UNTRACED) => {
                eprintln!("not tested: ptrace is forbidden here");
                return 0;
            }
            end => panic!("after {run} instructions: {end:?}"),
        }
    }
}

/// Numbers of instructions after which to kill `work`. All that it takes are divided into equal shares, and each number
/// is a random one of its share. To count them, a child does the work once.
pub(crate) fn shares_of(work: &dyn Fn()) -> impl Iterator<Item = u64> {
    let all = if cfg!(target_arch = "x86_64") {
        kill_after(u64::MAX, work)
    } else {
        eprintln!(
            "not tested: on some processors an atomic operation never ends if each instruction stops"
        );
        0
    };
    let shares = u64::from(kills(200)).min(all);
    (0..shares).map(move |share| fastrand::u64(share * all / shares..(share + 1) * all / shares))
}
