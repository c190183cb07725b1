//! Subprocess: what it delivers, what it reports, and what it survives.

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::errno::Errno;
use nix::libc::SIGPIPE;
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, getpgid, getppid, pause, setpgid};
use shared::{Error, Process, Subprocess};

use crate::harness::{Body, descriptors, eventually, nothing_left, play, state};
use crate::timeouts::{TENTH, fails_after_its_timeout};
use crate::{PATIENCE, end_of};

pub(crate) const TESTS: &[Body] = &[
    ("communication_goes_both_ways_at_once", communication_goes_both_ways_at_once),
    ("a_reader_that_goes_raises_no_signal", a_reader_that_goes_raises_no_signal),
    ("a_subprocess_ends_as_it_says", a_subprocess_ends_as_it_says),
    ("subprocess_timeouts_are_honoured", subprocess_timeouts_are_honoured),
    ("at_the_timeout_the_whole_group_is_killed", at_the_timeout_the_whole_group_is_killed),
    ("a_dropped_subprocess_is_killed_and_reaped", a_dropped_subprocess_is_killed_and_reaped),
    (
        "a_program_that_has_left_its_group_is_killed_and_reaped",
        a_program_that_has_left_its_group_is_killed_and_reaped,
    ),
    (
        "what_a_program_leaves_in_the_background_is_killed",
        what_a_program_leaves_in_the_background_is_killed,
    ),
    ("unwanted_output_takes_no_memory", unwanted_output_takes_no_memory),
    ("a_command_can_be_started_again_in_a_child", a_command_can_be_started_again_in_a_child),
    ("a_subprocess_ends_with_its_parent", a_subprocess_ends_with_its_parent),
    ("a_forked_copy_of_a_subprocess_does_nothing", a_forked_copy_of_a_subprocess_does_nothing),
    ("siblings_keep_no_pipe_of_a_subprocess", siblings_keep_no_pipe_of_a_subprocess),
    ("what_cannot_be_started_is_reported", what_cannot_be_started_is_reported),
];

pub(crate) const ACTS: &[Body] = &[
    ("a program that leaves its group", act_a_program_that_leaves_its_group),
    ("a subprocess that sleeps", act_a_subprocess_that_sleeps),
];

const MEBIBYTE: usize = 1 << 20;

/// A shell with three pipes, that runs the script.
fn shell(script: &str) -> Subprocess {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    Subprocess::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()))
        .unwrap()
}

/// Reaps the grandchildren that a killed group has left to this process. It would wait for one that is still alive. One
/// that writes may end by the closed pipe instead.
fn reap_killed_orphans() {
    loop {
        match waitpid(None::<Pid>, None) {
            Err(Errno::ECHILD) => return,
            end => {
                assert!(
                    matches!(
                        end,
                        Ok(WaitStatus::Signaled(_, Signal::SIGKILL | Signal::SIGPIPE, _))
                    ),
                    "{end:?}"
                );
            }
        }
    }
}

fn communication_goes_both_ways_at_once() {
    let before = descriptors();
    let input: Vec<u8> = (0..MEBIBYTE).map(|index| (index % 251) as u8).collect();
    let output = shell("cat; head -c 1048576 /dev/zero >&2").communicate(&input).unwrap();
    assert!(output.status.success());
    assert!(output.stdout == input, "{} bytes came back", output.stdout.len());
    assert_eq!(output.stderr, vec![0; MEBIBYTE]);

    let output = shell("cat").communicate(b"").unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    nothing_left(&before);
}

fn a_reader_that_goes_raises_no_signal() {
    let raised = Arc::new(AtomicBool::new(false));
    let id = signal_hook::flag::register(SIGPIPE, Arc::clone(&raised)).unwrap();
    let before = descriptors();
    let output = shell("exec 0<&-; echo enough").communicate(&vec![b'x'; MEBIBYTE]).unwrap();
    assert_eq!(output.stdout, b"enough\n");
    assert!(!raised.load(Ordering::Relaxed), "SIGPIPE came");
    // The next one must come again.
    kill(Pid::this(), Signal::SIGPIPE).unwrap();
    assert!(raised.load(Ordering::Relaxed), "SIGPIPE is still blocked");
    // A signal that the caller has blocked does not wait to be unblocked either.
    raised.store(false, Ordering::Relaxed);
    let sigpipe = SigSet::from_iter([Signal::SIGPIPE]);
    sigpipe.thread_block().unwrap();
    shell("exec 0<&-").communicate(&vec![b'x'; MEBIBYTE]).unwrap();
    sigpipe.thread_unblock().unwrap();
    assert!(!raised.load(Ordering::Relaxed), "SIGPIPE came when it was unblocked");
    signal_hook::low_level::unregister(id);
    nothing_left(&before);
}

fn a_subprocess_ends_as_it_says() {
    let before = descriptors();
    assert_eq!(shell("exit 3").wait().unwrap().code(), Some(3));
    assert_eq!(shell("kill -TERM $$").wait().unwrap().signal(), Some(15));
    // Output that the caller does not want does not delay it.
    assert!(shell("head -c 1048576 /dev/zero").wait_timeout(Duration::MAX).unwrap().success());
    nothing_left(&before);
}

fn subprocess_timeouts_are_honoured() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    // Enough writers that there is always something to read.
    let flood = "for i in 1 2 3; do cat /dev/zero & cat /dev/zero >&2 & done; wait";
    let silent = "exec >&- 2>&-; sleep 100";
    for script in ["sleep 100", flood, "kill -STOP $$", "sleep 100 &", silent] {
        fails_after_its_timeout(
            script,
            |error| matches!(error, Error::ProgramTimedOut { .. }),
            |timeout| shell(script).communicate_timeout(&[], timeout),
        );
    }
    // Input that the program does not read.
    let error = shell("sleep 100").communicate_timeout(&vec![0; MEBIBYTE], TENTH).unwrap_err();
    assert_eq!(error.to_string(), "sh timed out; its process group was killed");
    reap_killed_orphans();
    nothing_left(&before);
}

/// A shell with a child, both of which have a copy of the pipe's write end, and the pipe when both run.
fn family() -> (Subprocess, BufReader<io::PipeReader>) {
    let (reader, writer) = io::pipe().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "sleep 100 & echo ready; wait"]).stdout(writer);
    let family = Subprocess::start(&mut command).unwrap();
    let mut reader = BufReader::new(reader);
    drop(command);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    (family, reader)
}

fn at_the_timeout_the_whole_group_is_killed() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let (family, mut reader) = family();
    family.wait_timeout(TENTH).unwrap_err();
    // Both have let go of the pipe. The grandchild by itself would do so after 100 s only.
    reader.read_to_end(&mut Vec::new()).unwrap();
    drop(reader);
    reap_killed_orphans();
    nothing_left(&before);
}

fn a_dropped_subprocess_is_killed_and_reaped() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let (family, mut reader) = family();
    let pid = family.pid();
    drop(family);
    assert_eq!(state(pid), None);
    reader.read_to_end(&mut Vec::new()).unwrap();
    drop(reader);
    reap_killed_orphans();
    nothing_left(&before);
}

fn what_a_program_leaves_in_the_background_is_killed() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "exec 3>&1 >&-; sleep 100 3>&- & echo $! >&3"]).stdout(Stdio::piped());
    let output = Subprocess::start(&mut command).unwrap().communicate(&[]).unwrap();
    let left = Pid::from_raw(String::from_utf8(output.stdout).unwrap().trim().parse().unwrap());
    assert_eq!(waitpid(left, None), Ok(WaitStatus::Signaled(left, Signal::SIGKILL, false)));
    nothing_left(&before);
}

/// Joins its parent's group, and waits to be killed.
fn act_a_program_that_leaves_its_group() {
    setpgid(Pid::from_raw(0), getpgid(Some(getppid())).unwrap()).unwrap();
    println!("gone");
    loop {
        pause();
    }
}

fn a_program_that_has_left_its_group_is_killed_and_reaped() {
    let before = descriptors();
    let (reader, writer) = io::pipe().unwrap();
    let mut command = play("a program that leaves its group");
    let program = Subprocess::start(command.stdout(writer)).unwrap();
    drop(command);
    let mut reader = BufReader::new(reader);
    reader.read_line(&mut String::new()).unwrap();
    let pid = program.pid();
    drop(program);
    assert_eq!(state(pid), None);
    drop(reader);
    nothing_left(&before);
}

/// The most memory that this process has used at a time, in bytes.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() << 10
}

fn unwanted_output_takes_no_memory() {
    let before = descriptors();
    let peak_before = peak();
    assert!(shell("head -c 100000000 /dev/zero").wait().unwrap().success());
    let more = peak() - peak_before;
    assert!(more < 10 * MEBIBYTE, "{more} bytes for 100 MB");
    nothing_left(&before);
}

fn a_command_can_be_started_again_in_a_child() {
    let before = descriptors();
    let mut command = Command::new("true");
    assert!(Subprocess::start(&mut command).unwrap().wait().unwrap().success());
    let end = end_of(|| {
        assert!(Subprocess::start(&mut command)?.wait()?.success());
        Ok(())
    });
    assert!(end.success(), "{end}");
    nothing_left(&before);
}

/// Starts a program, prints its pid, and waits to be killed.
fn act_a_subprocess_that_sleeps() {
    let sleep = Subprocess::start(Command::new("sleep").arg("100")).unwrap();
    println!("{}", sleep.pid());
    loop {
        pause();
    }
}

fn a_subprocess_ends_with_its_parent() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    for signal in [Signal::SIGKILL, Signal::SIGTERM, Signal::SIGINT] {
        let mut parent = play("a subprocess that sleeps").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(parent.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let pid = Pid::from_raw(line.trim().parse().unwrap());
        kill(Pid::from_raw(parent.id() as i32), signal).unwrap();
        parent.wait().unwrap();
        eventually("the program has ended", PATIENCE, || {
            state(pid).is_none_or(|(state, _)| state == 'Z')
        });
    }
    reap_killed_orphans();
    nothing_left(&before);
}

fn a_forked_copy_of_a_subprocess_does_nothing() {
    let before = descriptors();
    let cat = shell("cat");
    let mut copy = Some(cat);
    let end = end_of(|| {
        let error = copy.take().unwrap().wait().unwrap_err();
        assert!(matches!(error, Error::NotParent), "{error}");
        Ok(())
    });
    assert!(end.success(), "{end}");
    let output = copy.unwrap().communicate(b"still here").unwrap();
    assert_eq!(output.stdout, b"still here");
    nothing_left(&before);
}

fn siblings_keep_no_pipe_of_a_subprocess() {
    let before = descriptors();
    let cat = shell("cat");
    let sibling = Process::new(|| {
        loop {
            pause();
        }
    })
    .start()
    .unwrap();
    // With a write end in the sibling, cat would never see end-of-file.
    assert_eq!(cat.communicate(b"all").unwrap().stdout, b"all");
    drop(sibling);
    nothing_left(&before);
}

fn what_cannot_be_started_is_reported() {
    let before = descriptors();
    let refusal = |command: &mut Command| Subprocess::start(command).unwrap_err().to_string();
    assert_eq!(
        refusal(&mut Command::new("nslokup")),
        "cannot start nslokup: no such program; correct the name, or install it"
    );
    assert_eq!(
        refusal(&mut Command::new("/etc/passwd")),
        "cannot start /etc/passwd: Permission denied (os error 13)"
    );
    assert_eq!(
        refusal(Command::new("true").current_dir("/no/such/folder")),
        "cannot start true: No such file or directory (os error 2)"
    );
    let script = env::temp_dir().join("script");
    fs::write(&script, "#!/no/such/python\n").unwrap();
    fs::set_permissions(&script, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(
        refusal(&mut Command::new(&script)),
        format!(
            "cannot start {}: its interpreter is missing, see its first line",
            script.display()
        )
    );
    // A path begins in the folder to start in.
    assert_eq!(
        refusal(Command::new("./script").current_dir(env::temp_dir())),
        "cannot start ./script: its interpreter is missing, see its first line"
    );
    fs::remove_file(&script).unwrap();
    let mut command = Command::new("sleep");
    let deaf = Subprocess::start(command.arg("100").stdin(Stdio::null())).unwrap();
    assert_eq!(
        deaf.communicate(b"wake up").unwrap_err().to_string(),
        "sleep has no pipe for its input; start it with .stdin(Stdio::piped())"
    );
    nothing_left(&before);
}
