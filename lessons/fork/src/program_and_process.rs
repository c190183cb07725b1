//! How does a process run another program?

use std::ffi::CStr;
use std::fs;

use nix::sys::wait::waitpid;
use nix::unistd::{execvp, getpid};
use shared::{Fork, Result, fork};

/// In a shell, `$$` is the pid of the shell.
const SCRIPT: &CStr = c"read program < /proc/$$/comm; echo \"child $$: my program is $program\"";

/// After fork, one program runs in two processes. exec puts another program into one of them.
pub(crate) fn scene() -> Result<()> {
    println!("parent {}: my program is {}", getpid(), program()?);
    match fork()? {
        Fork::Parent { child } => {
            waitpid(child, None)?;
            println!("parent {}: my program is still {}", getpid(), program()?);
            Ok(())
        }
        Fork::Child => {
            println!("child {}: my program is {}", getpid(), program()?);
            become_a_shell()
        }
    }
}

/// The program that this process runs, from /proc.
fn program() -> Result<String> {
    Ok(fs::read_to_string("/proc/self/comm")?.trim_end().to_owned())
}

/// Runs in the child. exec returns only when it fails.
fn become_a_shell() -> Result<()> {
    let Err(error) = execvp(c"sh", &[c"sh", c"-c", SCRIPT]);
    Err(error.into())
}
