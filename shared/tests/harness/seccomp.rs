//! A program that may not use PR_SET_PDEATHSIG: a filter makes the call fail with EPERM, as a sandbox may do.

use std::process::{Command, Stdio};

use crate::harness::play;

/// Installs the filter and becomes the program that it is given. In Python, because a filter is set through a pointer,
/// which in Rust takes unsafe code.
const FORBID_PDEATHSIG: &str = r"
import ctypes, os, platform, struct, sys

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
NR_PRCTL = {'x86_64': 157, 'aarch64': 167}[platform.machine()]
FAIL_WITH_EPERM, ALLOW = 0x00050001, 0x7fff0000
filter = b''.join(struct.pack('HBBI', *instruction) for instruction in [
    (0x20, 0, 0, 0),                 # load the number of the system call
    (0x15, 0, 3, NR_PRCTL),          # if it is another one, skip three
    (0x20, 0, 0, 16),                # load the first argument
    (0x15, 0, 1, PR_SET_PDEATHSIG),  # if it is another one, skip one
    (0x06, 0, 0, FAIL_WITH_EPERM),
    (0x06, 0, 0, ALLOW),
])

class Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_char_p)]

program = Program(len(filter) // 8, filter)
prctl = ctypes.CDLL(None, use_errno=True).prctl
for arguments in [(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, 2, ctypes.byref(program))]:
    if prctl(*arguments):
        sys.exit('prctl: ' + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[1], sys.argv[1:])
";

/// A command that plays an act with the filter. `None` if Python is missing or may not install it.
pub(crate) fn forbidding_pdeathsig(act: &str) -> Option<Command> {
    let launcher = || {
        let mut python = Command::new("python3");
        python.args(["-c", FORBID_PDEATHSIG]);
        python
    };
    let output = launcher().arg("true").stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            let act = play(act);
            let mut filtered = launcher();
            filtered.arg(act.get_program());
            filtered.envs(act.get_envs().filter_map(|(name, value)| Some((name, value?))));
            Some(filtered)
        }
        Ok(output) => {
            let reason = String::from_utf8_lossy(&output.stderr);
            eprintln!("not tested: no filter can be installed here: {reason}");
            None
        }
        Err(error) => {
            eprintln!("not tested: python3 does not start: {error}");
            None
        }
    }
}
