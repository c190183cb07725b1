//! Which system calls of a run are reported to the director: a program for the kernel's filter of system calls.
//!
//! See seccomp(2). The kernel runs the program at every system call of every thread of the run. It looks at the number
//! of the call and at its arguments, not at memory.

use std::mem::offset_of;

use nix::libc::{
    BPF_ABS, BPF_ALU, BPF_AND, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, CLONE_THREAD,
    SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF, SIG_SETMASK, seccomp_data, sock_filter,
};

use super::numbers;

/// The kernel's number of this architecture, from linux/audit.h. A program for another one, which the same kernel may
/// run too, numbers its calls differently. Its calls are not reported. None where no one has tried to direct a run.
pub(super) const ARCHITECTURE: Option<u32> = if cfg!(target_arch = "x86_64") {
    Some(0xc000_003e)
} else if cfg!(target_arch = "aarch64") {
    Some(0xc000_00b7)
} else {
    None
};

/// The program: one block for each call, which ends with a verdict if the number is the block's.
pub(super) fn program() -> Vec<sock_filter> {
    let mut program = vec![load(offset_of!(seccomp_data, arch))];
    program.extend(unless(ARCHITECTURE.unwrap_or_default(), &[verdict(SECCOMP_RET_ALLOW)]));
    program.push(load(offset_of!(seccomp_data, nr)));
    for number in numbers::PRINTS {
        let descriptors = numbers::OUTPUTS.map(|descriptor| descriptor as u32);
        program.extend(when(number, &if_argument_is(0, u32::MAX, &descriptors)));
    }
    let operations = numbers::WAITS.into_iter().chain(numbers::WAKES);
    let operations: Vec<u32> = operations.map(|operation| operation as u32).collect();
    let mask = numbers::OPERATION as u32;
    program.extend(when(numbers::FUTEX, &if_argument_is(1, mask, &operations)));
    let thread = CLONE_THREAD as u32;
    program.extend(when(numbers::CLONE, &if_argument_is(0, thread, &[thread])));
    program.extend(when(numbers::SIGNAL_MASK, &if_argument_is(0, u32::MAX, &[SIG_SETMASK as u32])));
    for (number, clocks) in numbers::CLOCKS {
        program.extend(when(number, &if_argument_is(0, u32::MAX, clocks)));
    }
    for number in numbers::others() {
        program.extend(when(number, &[verdict(SECCOMP_RET_USER_NOTIF)]));
    }
    program.push(verdict(SECCOMP_RET_ALLOW));
    program
}

/// The program that allows every call, and reports none.
pub(super) fn everything() -> Vec<sock_filter> {
    vec![verdict(SECCOMP_RET_ALLOW)]
}

/// The block of one call.
fn when(number: i64, block: &[sock_filter]) -> Vec<sock_filter> {
    let skip = jump_if_equal(number as u32, 0, block.len() as u8);
    [&[skip], block].concat()
}

/// A block for all values of what is loaded but this one.
fn unless(value: u32, block: &[sock_filter]) -> Vec<sock_filter> {
    let skip = jump_if_equal(value, block.len() as u8, 0);
    [&[skip], block].concat()
}

/// Reports the call if the argument, as far as the mask shows it, is one of these values. Reads its lower half, which
/// comes first on both architectures.
fn if_argument_is(argument: usize, mask: u32, values: &[u32]) -> Vec<sock_filter> {
    let offset = offset_of!(seccomp_data, args) + argument * size_of::<u64>();
    let mut block = vec![load(offset), statement(BPF_ALU | BPF_AND | BPF_K, mask)];
    for value in values {
        block.extend([jump_if_equal(*value, 0, 1), verdict(SECCOMP_RET_USER_NOTIF)]);
    }
    block.push(verdict(SECCOMP_RET_ALLOW));
    block
}

fn load(offset: usize) -> sock_filter {
    statement(BPF_LD | BPF_W | BPF_ABS, offset as u32)
}

fn verdict(verdict: u32) -> sock_filter {
    statement(BPF_RET | BPF_K, verdict)
}

fn statement(code: u32, k: u32) -> sock_filter {
    sock_filter { code: code as u16, jt: 0, jf: 0, k }
}

/// Skips this many statements, if what is loaded is equal, and if it is not.
fn jump_if_equal(k: u32, equal: u8, unequal: u8) -> sock_filter {
    sock_filter { code: (BPF_JMP | BPF_JEQ | BPF_K) as u16, jt: equal, jf: unequal, k }
}
